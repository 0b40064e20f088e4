using System.Diagnostics;
using System.Globalization;

namespace MLNetExtensions.Faults.Kills;

/// <summary>
/// The command <c>kill</c>: processes at work are killed at random moments. What is left under final names must be whole, and the next
/// start must end as if nobody had been killed.
/// </summary>
internal static class KillCommand
{
    /// <param name="args">The number of kills, over all kinds or those that are named; <c>--seed S</c>.</param>
    public static int Run(string[] args)
    {
        int kills = int.Parse(args[0], CultureInfo.InvariantCulture);
        int seed = args is [.., "--seed", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
        string[] names = [.. args[1..].TakeWhile(a => a != "--seed")];
        IKillKind[] kinds = names.Length == 0 ? [.. KillKinds.All] : [.. names.Select(KillKinds.Find)];
        string root = Directory.CreateTempSubdirectory("mlnetextensions-kills-").FullName;
        using var server = new KillServer();
        int losses = 0;
        try
        {
            string photos = Path.Combine(root, "photos");
            KillWork.DrawPhotos(photos);
            for (int k = 0; k < kinds.Length; k++)
            {
                int share = (kills / kinds.Length) + (k < kills % kinds.Length ? 1 : 0);
                losses += Run(
                    kinds[k],
                    share,
                    new KillPlace(Path.Combine(root, kinds[k].Name), photos, server.Address),
                    new Random(seed + k)
                );
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        Console.WriteLine($"figure kill-losses {losses}");
        return losses == 0 ? 0 : 1;
    }

    private static int Run(IKillKind kind, int kills, KillPlace place, Random random)
    {
        if (kills == 0)
            return 0;
        KillPlace Of(string name) => place with { Folder = Directory.CreateDirectory(place.At(name)).FullName };
        // In a process too, so that its time is that of those that are killed.
        TimeSpan time;
        string expected;
        using (var whole = new KillProcess(kind, Of("whole"), once: true))
        {
            whole.WaitForBegin();
            long start = Stopwatch.GetTimestamp();
            expected = whole.End();
            time = Stopwatch.GetElapsedTime(start);
        }
        int losses = 0,
            atWork = 0,
            tries = 0;
        for (; atWork < kills; tries++)
        {
            KillPlace of = Of($"{tries}");
            string? problem = null;
            try
            {
                using (KillProcess? other = tries % 3 == 2 ? new KillProcess(kind, of) : null)
                using (var process = new KillProcess(kind, of))
                {
                    if (process.Kill(time * random.NextDouble()))
                        atWork++;
                    else
                        // The machine is less busy than it was.
                        time *= 0.9;
                    kind.Read(of);
                    problem = other?.EndBeside(expected, kind.Repeats);
                }
                kind.Read(of);
                string result = kind.Work(of);
                if (result != expected)
                    problem ??= $"the result is {result}, expected {expected}";
                else if (Directory.GetFileSystemEntries(of.Folder, "mlnetextensions-*.tmp", SearchOption.AllDirectories) is [var left, ..])
                    problem ??= $"'{Path.GetFileName(left)}' is left after the next start";
            }
            catch (Exception e)
            {
                problem = $"{e.GetType().Name}: {e.Message}";
            }
            if (problem is not null)
            {
                losses++;
                Console.WriteLine($"{kind.Name} {tries}: {problem}");
            }
            Directory.Delete(of.Folder, recursive: true);
        }
        Console.WriteLine($"{kind.Name}: {atWork} kills in {time.TotalSeconds:F1} s of work, {losses} losses");
        return losses;
    }
}
