"""What the scripts of training steps have in common: all cores, and turns on request over standard input.

Lines in: `steps N`, `memory N`, `threads`, and the script's own commands. Lines out: seconds a step, MiB by which resident memory rises over N steps, a
number, `ok`; `answers` are commands that answer something else.
"""
import os
import sys
import time

import torch

# By itself Debian's build takes one thread on a machine of two cores; with both it is faster.
torch.set_num_threads(len(os.sched_getaffinity(0)))


def resident(key):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key)) / 1024


def serve(model, optimizer, loss, x, y, answers={}, **commands):
    def step():
        optimizer.zero_grad()
        value = loss(model(x), y)
        value.backward()
        optimizer.step()
        value.item()

    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "threads":
            print(torch.get_num_threads(), flush=True)
        elif command == "steps":
            count = int(arguments[0])
            started = time.perf_counter()
            for _ in range(count):
                step()
            print((time.perf_counter() - started) / count, flush=True)
        elif command == "memory":
            tiny = torch.nn.Conv2d(3, 1, 3)
            tiny(torch.zeros(1, 3, 8, 8)).sum().backward()
            with open("/proc/self/clear_refs", "w") as refs:
                refs.write("5")
            before = resident("VmRSS:")
            for _ in range(int(arguments[0])):
                step()
            print(resident("VmHWM:") - before, flush=True)
        elif command in answers:
            print(answers[command](*arguments), flush=True)
        else:
            commands[command](*arguments)
            print("ok", flush=True)
