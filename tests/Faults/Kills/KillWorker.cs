using System.Runtime.InteropServices;

namespace MLNetExtensions.Faults.Kills;

/// <summary>The process that is killed: it says that it begins, works, and says what came out.</summary>
internal static class KillWorker
{
    public const string Verb = "kill-worker",
        Begins = "begins";

    /// <summary>The exit code after an error, which is the last line of the error stream.</summary>
    public const int Failed = 3;

    // As mlnetx does: a file beyond the limit of a shell is an error, not the end without a word.
    private static readonly PosixSignalRegistration? FileLimit = OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create((PosixSignal)25, context => context.Cancel = true);

    /// <param name="args">The kind; the place's folder, photos and server.</param>
    public static int Run(string[] args)
    {
        IKillKind kind = KillKinds.Find(args[0]);
        var place = new KillPlace(args[1], args[2], args[3]);
        GC.KeepAlive(FileLimit);
        Console.WriteLine(Begins);
        try
        {
            string result;
            do result = kind.Work(place);
            while (kind.Repeats && args is not [.., "once"]);
            Console.WriteLine(result);
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }
}
