# Needs Python 3.11 or newer, git and make; everything else goes into .venv, from the lock files.
# Options for the program behind a target are passed as ARGS: make serve ARGS="--help"

PYTHON ?= python3
ARGS ?=
bin := .venv/bin
pip := $(bin)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help serve desktop test crash coverage mutation lint bench docs locks

help:
	@echo 'make serve   start the server            (ARGS="-p 6667" passes options on)'
	@echo 'make desktop open the chat window        (ARGS="--server": the window of a server)'
	@echo 'make test    run the tests               (ARGS="-k name" passes options on)'
	@echo 'make crash   kill the server 200 times while people act at every door (KILLS=20: fewer)'
	@echo 'make coverage  run them and say which lines of the programs they reach'
	@echo 'make mutation  turn each decision of the policies around, and see that a test notices'
	@echo 'make lint    check style and types'
	@echo 'make bench   measure speed              (PEERS=1: beside other IRC servers, ARGS="talking": a part)'
	@echo 'make docs    write the generated pages of docs/ again'

serve: .venv/run.stamp .venv/page.stamp
	@exec $(bin)/python -m hubbub serve $(ARGS)

desktop: .venv/desktop.stamp
	@exec $(bin)/python -m hubbub desktop $(ARGS)

test: .venv/develop.stamp .venv/page.stamp
	$(bin)/python webclient/build.py test
	$(bin)/python -m tools.reached -m pytest -n 2 $(ARGS)

# A quarter of an hour: the tests themselves kill the server a few times only.
crash: .venv/develop.stamp
	HUBBUB_CRASHES=$(or $(KILLS),200) $(bin)/python -m pytest -s tests/crash $(ARGS)

# Apart from the tests: in Python 3.11 to watch every line takes their time once more.
coverage: .venv/develop.stamp .venv/page.stamp
	@$(bin)/coverage erase
	$(bin)/coverage run -m pytest -n 2 $(ARGS)
	@$(bin)/coverage combine --quiet
	@$(bin)/coverage report

# Takes some minutes for each module; ARGS="policy" takes those with the word in their path.
mutation: .venv/develop.stamp
	$(bin)/python -m tools.mutate $(ARGS)

lint: .venv/develop.stamp .venv/page.stamp
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy --strict src tests tools examples webclient $(wildcard bench)
	$(bin)/python webclient/build.py check

bench: .venv/develop.stamp
	$(bin)/python -m bench $(if $(PEERS),--peers) $(ARGS)

docs: .venv/develop.stamp
	$(bin)/python -m tools.docs

# UPGRADE=--upgrade takes the newest versions; without it only what pyproject.toml changed is changed.
lock := $(bin)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command 'make locks' --group build \
	--extra ssh $(UPGRADE)
locks: .venv/develop.stamp
	$(lock) --output-file requirements/run.txt
	$(lock) --output-file requirements/desktop.txt --extra desktop --constraint requirements/run.txt
	$(lock) --output-file requirements/develop.txt --extra desktop --group develop --constraint requirements/desktop.txt
	$(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command 'make locks' --group node $(UPGRADE) --output-file requirements/node.txt

# A stamp says that .venv holds what its lock file names; a changed lock file makes it stale.
.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo 'Setting up .venv: this happens once.'
	@$(pip) --require-hashes --requirement requirements/run.txt
	@$(pip) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/desktop.stamp: requirements/desktop.txt pyproject.toml .venv/page.stamp | .venv/bin/python
	@echo 'Setting up .venv for the desktop: this happens once.'
	@$(pip) --require-hashes --requirement requirements/desktop.txt
	@$(pip) --no-build-isolation --no-deps --editable .
	@touch .venv/run.stamp $@

.venv/develop.stamp: requirements/develop.txt pyproject.toml | .venv/bin/python
	@echo 'Setting up .venv for development: this happens once.'
	@$(pip) --require-hashes --requirement requirements/develop.txt
	@$(pip) --no-build-isolation --no-deps --editable .
	@touch .venv/run.stamp .venv/desktop.stamp $@

# The page, by the machine's Node.js or by one from a package.
page := $(wildcard webclient/*.json webclient/*.ts webclient/*.html webclient/*.mjs webclient/build.py) \
	$(shell find webclient/src webclient/public -type f)
.venv/page.stamp: $(page) requirements/node.txt | .venv/bin/python
	@echo 'Building the page.'
	@$(bin)/python webclient/build.py has-node || $(pip) --require-hashes --requirement requirements/node.txt
	@$(bin)/python webclient/build.py
	@touch $@

# A .venv whose folder was moved, or whose Python is gone, is made again.
ifeq ($(shell test -x .venv/bin/python && grep -sF '$(CURDIR)/.venv' .venv/pyvenv.cfg),)
.PHONY: .venv/bin/python .venv/run.stamp .venv/develop.stamp .venv/page.stamp
endif

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo 'Hubbub needs Python 3.11 or newer, and "$(PYTHON)" is not. Install one, or name it:' \
	'make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv
