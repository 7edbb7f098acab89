"""`python -m hubbub.ssh FD FOLDER`: started by the server alone, with the socket on which it is told of visitors."""

import sys

from hubbub.ssh.gateway import main

if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
