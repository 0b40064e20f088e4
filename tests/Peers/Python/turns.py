"""What the scripts of training steps have in common: all cores, and turns on request over standard input.

Lines in: `steps N`, `threads`, and the script's own commands. Lines out: seconds a step, a number, `ok`.
"""
import os
import sys
import time

import torch

# By itself Debian's build takes one thread on a machine of two cores; with both it is faster.
torch.set_num_threads(len(os.sched_getaffinity(0)))


def serve(model, optimizer, loss, x, y, **commands):
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "threads":
            print(torch.get_num_threads(), flush=True)
        elif command == "steps":
            count = int(arguments[0])
            started = time.perf_counter()
            for _ in range(count):
                optimizer.zero_grad()
                value = loss(model(x), y)
                value.backward()
                optimizer.step()
                value.item()
            print((time.perf_counter() - started) / count, flush=True)
        else:
            commands[command](*arguments)
            print("ok", flush=True)
