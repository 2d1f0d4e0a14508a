#!/usr/bin/env bash
# What the tests need from the system: a browser and a font. As root on Debian they are installed,
# elsewhere what is missing is named.
set -euo pipefail
packages=(chromium fonts-dejavu-core)
if command -v chromium >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
else
  echo "The tests need a browser: install the packages ${packages[*]} (or their like) first." >&2
  exit 1
fi
