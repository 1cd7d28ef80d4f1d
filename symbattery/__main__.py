"""``python -m symbattery``."""

import sys

from symbattery.cli import main

sys.exit(main())
