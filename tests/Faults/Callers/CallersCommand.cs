using System.Globalization;

namespace MLNetExtensions.Faults.Callers;

/// <summary>
/// The command <c>callers</c>: rounds of many threads that use, cancel and dispose the same things. Memory that is read after it was given
/// back ends the process.
/// </summary>
internal static class CallersCommand
{
    /// <param name="args">The number of rounds, and the seed of the first.</param>
    public static int Run(string[] args)
    {
        int rounds = int.Parse(args[0], CultureInfo.InvariantCulture),
            first = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        using var images = new CallerImages();
        int wrong = 0,
            canceled = 0;
        TimeSpan slowest = TimeSpan.Zero;
        for (int round = first; round < first + rounds; round++)
        {
            CanceledRequests requests = CanceledRequests.Run(images, round);
            int disposed = DisposedModels.Run(images, round),
                shared = SharedObjects.Run(images, round);
            wrong += requests.Wrong + disposed + shared;
            canceled += requests.Canceled;
            slowest = requests.Slowest > slowest ? requests.Slowest : slowest;
            Console.WriteLine(
                $"round {round}: {requests.Canceled} of {requests.Count} requests canceled, the slowest {requests.Slowest.TotalMilliseconds:0} ms; wrong: "
                    + $"{requests.Wrong} requests, {disposed} disposals, {shared} shared objects"
            );
        }
        Console.WriteLine($"figure callers-canceled {canceled}");
        Console.WriteLine($"figure callers-slowest-cancel-ms {slowest.TotalMilliseconds:0}");
        Console.WriteLine($"figure callers-wrong {wrong}");
        return wrong == 0 ? 0 : 1;
    }
}
