# SPDX-License-Identifier: Apache-2.0
"""What the black-box tests stand on: a server to start, and SIP peers to talk to it.

Python's standard library only, and not a line shared with the server: where both read the RFCs
differently, a test fails.
"""
