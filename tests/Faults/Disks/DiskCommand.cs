using MLNetExtensions.Faults.Kills;

namespace MLNetExtensions.Faults.Disks;

/// <summary>
/// The command <c>disk</c>: all kinds of work with each fault. A process ends well, or with an error that names the file and ends in a
/// sentence; what was there before is whole, and the next start, with a sound disk, ends as if nothing had been.
/// </summary>
internal static class DiskCommand
{
    /// <param name="args">The kinds; none for all.</param>
    public static int Run(string[] args)
    {
        IKillKind[] kinds = args.Length == 0 ? [.. KillKinds.All] : [.. args.Select(KillKinds.Find)];
        string root = Directory.CreateTempSubdirectory("mlnetextensions-disks-").FullName;
        using var server = new KillServer();
        int findings = 0;
        try
        {
            string photos = Path.Combine(root, "photos");
            KillWork.DrawPhotos(photos);
            foreach (IKillKind kind in kinds)
            {
                var place = new KillPlace(Directory.CreateDirectory(Path.Combine(root, kind.Name)).FullName, photos, server.Address);
                string expected = kind.Work(place with { Folder = Directory.CreateDirectory(place.At("sound")).FullName });
                foreach (DiskFault fault in DiskFault.All)
                {
                    if (fault.Obstacle is { } obstacle)
                    {
                        Console.WriteLine($"{kind.Name}, {fault.Name}: not tried, {obstacle}");
                        continue;
                    }
                    string? problem = Try(
                        kind,
                        fault,
                        place with
                        {
                            Folder = Directory.CreateDirectory(place.At("faulty")).FullName,
                        },
                        expected
                    );
                    findings += problem is null ? 0 : 1;
                    Directory.Delete(place.At("faulty"), recursive: true);
                }
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        Console.WriteLine($"figure disk-findings {findings}");
        return findings == 0 ? 0 : 1;
    }

    private static string? Try(IKillKind kind, DiskFault fault, KillPlace place, string expected)
    {
        string? problem = null;
        string outcome;
        fault.Begin(place.Folder);
        try
        {
            using var process = new KillProcess(kind, place, once: true, fault.Shell);
            fault.During(place.Folder);
            (int code, string result, string error) = process.Outcome();
            outcome = code == 0 ? "right" : error;
            if (code == 0 && result != expected)
                problem = $"the result is {result}, expected {expected}";
            else if (code is not (0 or KillWorker.Failed) && fault.HasWords)
                problem = $"it ended with {code}";
            else if (code == KillWorker.Failed && fault.HasWords && !error.Contains('\''))
                problem = "the error names nothing";
            if (Directory.Exists(place.Folder))
                kind.Read(place);
        }
        catch (Exception e)
        {
            outcome = $"{e.GetType().Name}: {e.Message}";
            problem = "what is left is not whole";
        }
        finally
        {
            fault.End(place.Folder);
        }
        string again = kind.Work(place);
        problem ??= again == expected ? null : $"the next result is {again}, expected {expected}";
        Console.WriteLine($"{kind.Name}, {fault.Name}: {(problem is null ? "" : $"FINDING, {problem}: ")}{outcome}");
        return problem;
    }
}
