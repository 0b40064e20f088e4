using System.Diagnostics;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>Times two models in turns, so that what disturbs the machine disturbs both.</summary>
internal static class LatencyProbe
{
    private const int Rounds = 15;

    /// <summary>A turn is at least so long, so that the clock and the caches do not matter.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    /// <summary>The time of a row of each, medians, and the median of the turns' ratios.</summary>
    /// <param name="run">The call.</param>
    /// <param name="before">A model.</param>
    /// <param name="after">Another of the same inputs.</param>
    /// <param name="inputs">The values of each input.</param>
    /// <param name="count">The number of rows they are.</param>
    public static (TimeSpan Before, TimeSpan After, double Speedup) Compare(
        CompressionRun run,
        OnnxGraph before,
        OnnxGraph after,
        IReadOnlyList<Memory<float>> inputs,
        int count
    )
    {
        using var first = new GraphSession(run, before, [ModelAnswers.OutputOf(before)]);
        using var second = new GraphSession(run, after, [ModelAnswers.OutputOf(after)]);
        int repeats = Math.Max(1, (int)(Turn / Time(first, 1)) + 1);
        Time(second, repeats);
        var times = new (TimeSpan Before, TimeSpan After)[Rounds];
        for (int round = 0; round < Rounds; round++)
            times[round] = (Time(first, repeats), Time(second, repeats));
        return (
            Median([.. times.Select(t => t.Before)]) / count,
            Median([.. times.Select(t => t.After)]) / count,
            Median([.. times.Select(t => t.Before / t.After)])
        );

        TimeSpan Time(GraphSession session, int runs)
        {
            // Not counted: the first run makes room for what comes.
            session.Run(inputs, count, (_, _, _) => { });
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < runs; i++)
                session.Run(inputs, count, (_, _, _) => { });
            return Stopwatch.GetElapsedTime(started) / runs;
        }
    }

    private static T Median<T>(T[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
