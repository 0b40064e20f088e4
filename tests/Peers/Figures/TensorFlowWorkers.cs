using System.Diagnostics;
using System.Globalization;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Two processes that train together over the loopback device, against one with both processors.</summary>
internal static class TensorFlowWorkers
{
    private const int Rows = 128,
        Classes = 10,
        RowSize = 3 * 32 * 32,
        Rounds = 7;

    /// <summary>Says that this process is a worker, and how many threads it has.</summary>
    private const string ThreadsVariable = "MLNETX_TF_THREADS";

    public static double? Measure()
    {
        if (Environment.GetEnvironmentVariable(ThreadsVariable) is { } threads)
            return Work(int.Parse(threads, CultureInfo.InvariantCulture));
        var ratios = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            double alone = Run(threads: 2, config: null)()!.Value;
            string[] workers = FreeAddresses.Find(2);
            Func<double?>[] both = [.. Enumerable.Range(0, 2).Select(index => Run(threads: 1, Config(workers, index)))];
            double together = both.Sum(wait => wait()!.Value);
            ratios.Add(together / alone);
            Console.WriteLine(
                $"round {round + 1}: two workers {together:0} images a second, one with two threads {alone:0}, ratio {ratios[^1]:0.###}"
            );
        }
        return ratios.Order().ElementAt(Rounds / 2);
    }

    /// <summary>A worker: images a second of its own part.</summary>
    private static double Work(int threads)
    {
        TensorFlowCluster? cluster = TensorFlowCluster.FromEnvironment();
        int rows = Rows / (cluster?.Workers.Count ?? 1);
        using ITrainingSession session = TensorFlowRuntime
            .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
            .CreateSession(
                SeedCnnStep.Network(),
                new TrainingSessionOptions
                {
                    Optimizer = new Adam(),
                    Precision = TrainingPrecision.Float32,
                    Threads = threads,
                }
            );
        TrainingBatch batch = Batches.Random(seed: 1, rows, RowSize, Classes);
        SeedCnnStep.Steps(session, batch, 20);
        return rows / SeedCnnStep.Steps(session, batch, 150);
    }

    private static Func<double?> Run(int threads, string? config)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["tf-two-workers"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ThreadsVariable] = threads.ToString(CultureInfo.InvariantCulture);
        if (config is not null)
            start.Environment[TensorFlowCluster.EnvironmentVariable] = config;
        Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        return () =>
        {
            using (process)
            {
                string output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0
                    ? double.Parse(output.Trim().Split(' ')[^1], CultureInfo.InvariantCulture)
                    : throw new InvalidOperationException($"A worker ended with {process.ExitCode}: {errors.Result}");
            }
        };
    }

    private static string Config(string[] workers, int index) =>
        $"{{\"cluster\": {{\"worker\": [{string.Join(", ", workers.Select(w => $"\"{w}\""))}]}}, \"task\": {{\"type\": \"worker\", "
        + $"\"index\": {index}}}}}";
}
