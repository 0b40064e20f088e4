namespace MLNetExtensions.Faults.Kills;

/// <summary>The process that is killed: it says that it begins, works, and says what came out.</summary>
internal static class KillWorker
{
    public const string Verb = "kill-worker",
        Begins = "begins";

    /// <param name="args">The kind; the place's folder, photos and server.</param>
    public static int Run(string[] args)
    {
        IKillKind kind = KillKinds.Find(args[0]);
        var place = new KillPlace(args[1], args[2], args[3]);
        Console.WriteLine(Begins);
        string result;
        do result = kind.Work(place);
        while (kind.Repeats && args is not [.., "once"]);
        Console.WriteLine(result);
        return 0;
    }
}
