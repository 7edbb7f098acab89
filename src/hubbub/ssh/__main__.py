"""`python -m hubbub.ssh FD FOLDER`: the ssh process, which the server starts with the socket that hands it visitors."""

import sys

from hubbub.ssh.gateway import main

if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
