using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Peers;

/// <summary>
/// Loops over ONNX Runtime as one writes them by hand: a session with all threads for batches that all cores prepare; or a thread for each
/// core that prepares and runs its own batches on a session of one thread. In several batch sizes; the fastest is the peer.
/// </summary>
/// <param name="model">The ONNX file, of one input and one output.</param>
/// <param name="shape">A row of its input.</param>
/// <param name="rows">The number of rows.</param>
/// <param name="prepare">Writes a row's values.</param>
/// <param name="inPlace">Rows that are ready in memory: run one by one without a copy; null where they must be prepared.</param>
internal sealed class OrtLoops(string model, long[] shape, int rows, OrtLoops.Prepare prepare, float[][]? inPlace = null) : IDisposable
{
    private static readonly int[] Batches = [1, 4, 8, 16, 32, 64];

    private readonly InferenceSession _all = Open(model, Environment.ProcessorCount);
    private readonly InferenceSession _one = Open(model, 1);
    private readonly int _length = (int)shape.Aggregate(1L, (a, b) => a * b);

    public delegate void Prepare(int row, Span<float> target);

    /// <summary>The fastest loop, by the better of two tries; it gives the seconds of a pass.</summary>
    public Func<double> Best()
    {
        List<(string Name, Func<double> Run)> loops = [];
        foreach (int batch in Batches)
        {
            loops.Add(($"one session, batch {batch}", () => Time(() => AllThreads(batch))));
            loops.Add(($"a thread a core, batch {batch}", () => Time(() => ThreadACore(batch))));
        }
        if (inPlace is not null)
        {
            loops.Add(("one session, rows in place", () => Time(() => InPlace(_all, 1))));
            loops.Add(("a thread a core, rows in place", () => Time(() => InPlace(_one, Environment.ProcessorCount))));
        }
        (string name, Func<double> best, double seconds) = loops
            .Select(l => (l.Name, l.Run, Math.Min(l.Run(), l.Run())))
            .MinBy(l => l.Item3);
        Console.WriteLine($"ONNX Runtime's best loop: {name}, {rows / seconds:F0} rows/s");
        return best;
    }

    public void Dispose()
    {
        _all.Dispose();
        _one.Dispose();
    }

    private static InferenceSession Open(string model, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        return new InferenceSession(model, options);
    }

    private static double Time(Action run)
    {
        long started = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private void AllThreads(int batch)
    {
        float[] values = new float[batch * _length];
        for (int first = 0; first < rows; first += batch)
        {
            int start = first,
                count = Math.Min(batch, rows - first);
            if (count == 1 || inPlace is not null || _length < 10_000)
                for (int i = 0; i < count; i++)
                    prepare(start + i, values.AsSpan(i * _length, _length));
            else
                Parallel.For(0, count, i => prepare(start + i, values.AsSpan(i * _length, _length)));
            Run(_all, values.AsMemory(0, count * _length), count);
        }
    }

    private void ThreadACore(int batch)
    {
        int next = 0;
        OnThreads(
            Environment.ProcessorCount,
            () =>
            {
                float[] values = new float[batch * _length];
                for (int first; (first = Interlocked.Add(ref next, batch) - batch) < rows; )
                {
                    int count = Math.Min(batch, rows - first);
                    for (int i = 0; i < count; i++)
                        prepare(first + i, values.AsSpan(i * _length, _length));
                    Run(_one, values.AsMemory(0, count * _length), count);
                }
            }
        );
    }

    private void InPlace(InferenceSession session, int threads)
    {
        int next = -1;
        OnThreads(
            threads,
            () =>
            {
                for (int row; (row = Interlocked.Increment(ref next)) < rows; )
                    Run(session, inPlace![row % inPlace.Length], 1);
            }
        );
    }

    private static void OnThreads(int count, Action work)
    {
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => work()))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }

    private void Run(InferenceSession session, Memory<float> values, int count)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, [count, .. shape]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            run,
            [session.InputNames[0]],
            [input],
            [session.OutputNames[0]]
        );
        // Whoever scores reads the scores.
        _ = outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
