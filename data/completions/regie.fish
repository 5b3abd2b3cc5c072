# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of regie(1) for fish.

complete -c regie -l headless -d 'Run the show without a window'
complete -c regie -l go-live -d 'Go live at once'
complete -c regie -l rehearse -d 'Record everything, publish nothing'
complete -c regie -l resume -d 'Go on with a show that was interrupted'
complete -c regie -l no-watchdog -d 'Do not start again after a crash'
complete -c regie -l for -x -d 'End by itself after so many seconds'
complete -c regie -l export-posts -r -d 'Save the approved posts at the end'
complete -c regie -l secrets -r -d 'Keep stream keys and guests’ links in a private file'
complete -c regie -l list-devices -d 'List cameras and microphones'
complete -c regie -l version -d 'Say which version this is'
complete -c regie -l help -d 'Show the options'
