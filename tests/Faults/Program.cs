using MLNetExtensions.Faults;
using MLNetExtensions.Faults.Callers;
using MLNetExtensions.Faults.Cancels;
using MLNetExtensions.Faults.Disks;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Kills;
using MLNetExtensions.Faults.Leaks;
using MLNetExtensions.Faults.Memory;

switch (args)
{
    case ["list"]:
        foreach (IFuzzFormat format in FuzzFormats.All)
            Console.WriteLine(format.Name);
        return 0;
    case ["fuzz", ..]:
        return FuzzCommand.Run(args[1..]);
    case [FuzzWorker.Verb, ..]:
        return FuzzWorker.Run(args[1..]);
    case ["kill", _, ..]:
        return KillCommand.Run(args[1..]);
    case [KillWorker.Verb, ..]:
        return KillWorker.Run(args[1..]);
    case ["leak", ..]:
        return LeakCommand.Run(args[1..]);
    case ["cancel", _, ..]:
        return CancelCommand.Run(args[1..]);
    case ["memory", ..]:
        return MemoryCommand.Run(args[1..]);
    case [MemoryCommand.Verb, ..]:
        return MemoryCommand.Work(args[1..]);
    case ["disk", ..]:
        return DiskCommand.Run(args[1..]);
    case ["callers", _, ..]:
        return CallersCommand.Run(args[1..]);
    default:
        Console.Error.WriteLine(
            "usage: bash tests/Faults/run list | fuzz FORMAT SEEDS [--from N] [--seconds S] [--file F] | kill N [KIND ...] [--seed S] | leak [SCALE]"
                + " | disk [KIND ...] | memory [MB] | cancel N [MODEL] | callers ROUNDS [SEED]"
        );
        return 2;
}
