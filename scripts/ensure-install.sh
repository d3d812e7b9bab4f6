#!/bin/sh
# Installs when the packages are missing or older than the lockfile, then makes sure that the Node.js that will run is
# the one the lockfile pins, whatever the machine has.
set -eu
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing packages (about 20 seconds the first time)" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
