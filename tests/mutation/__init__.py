"""Which changed formula would nobody notice? One formula, figure or name is changed at a time and the fast tests of
values run on it; golden text does not count. `python -m tests.mutation` runs it, `make proof` holds it at 98 %.

The well-kept tools do not fit: mutmut 3 changes the bodies of functions only, and a model is declared in bodies of
classes; cosmic-ray, mutatest and poodle rewrite or copy the files and start a fresh pytest for each change, some two
seconds each on several thousand changes, and none knows which lines of the model have one unit. Here a change lives in
a forked process that has everything else already imported.
"""
