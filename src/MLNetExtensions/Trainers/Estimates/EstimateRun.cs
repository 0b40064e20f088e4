using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Trainers.Estimates;

/// <summary>A training of few steps on few rows, with a clock.</summary>
internal sealed class EstimateRun : TrainingCallback, IProgress<TrainingProgress>
{
    /// <summary>The first steps compile and warm up.</summary>
    private const int WarmUp = 2;

    private const int LeastRows = 64;

    private const double UsedMemory = 0.85;

    private readonly List<(int Done, long Time)> _read = [];
    private readonly List<TimeSpan> _headEpochs = [];
    private readonly List<long> _stepEnds = [];
    private OnnxGraph? _network;
    private long _headRows,
        _epochBegin;

    /// <param name="steps">The number of steps to measure.</param>
    public EstimateRun(int steps) => Steps = steps + WarmUp;

    /// <summary>The number of steps to make, at least one an epoch.</summary>
    public int Steps { get; }

    /// <summary>Measures a training.</summary>
    /// <param name="context">Shuffles the rows.</param>
    /// <param name="input">All rows.</param>
    /// <param name="batchSize">The rows of a step.</param>
    /// <param name="headEpochs">The epochs of the head alone, in the real training.</param>
    /// <param name="networkEpochs">The epochs of the network there; depends on the number of rows.</param>
    /// <param name="train">Trains on some of the rows, with this as callback and progress.</param>
    public TrainingEstimate Measure(
        MLContext context,
        IDataView input,
        int batchSize,
        int headEpochs,
        Func<int, int> networkEpochs,
        Action<IDataView> train
    )
    {
        long rows = Count(input);
        IDataView some = context.Data.TakeRows(context.Data.ShuffleRows(input, seed: 1), Math.Max(LeastRows, Steps * batchSize));
        long started = Stopwatch.GetTimestamp();
        train(some);
        return Of(rows, batchSize, headEpochs, networkEpochs((int)Math.Min(rows, int.MaxValue)), started);
    }

    public override void OnEpochBegin(EpochBeginArguments arguments) => _epochBegin = Stopwatch.GetTimestamp();

    public override void OnStepEnd(StepEndArguments arguments)
    {
        if (arguments.Run.Phase == TrainingPhase.Head)
            return;
        _network = arguments.Run.Network;
        _stepEnds.Add(Stopwatch.GetTimestamp());
        if (_stepEnds.Count >= Steps)
            arguments.Run.RequestStop("the steps are measured");
    }

    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        if (arguments.Run.Phase != TrainingPhase.Head)
            return;
        _headEpochs.Add(Stopwatch.GetElapsedTime(_epochBegin));
        _headRows = arguments.Run.TrainingRows;
    }

    public void Report(TrainingProgress value)
    {
        if (value.Phase == TrainingPhase.Features)
            _read.Add((value.Done, Stopwatch.GetTimestamp()));
    }

    private TrainingEstimate Of(long rows, int batchSize, int headEpochs, int networkEpochs, long started)
    {
        TimeSpan[] steps = [.. _stepEnds.Zip(_stepEnds.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b)).Skip(WarmUp - 1)];
        TimeSpan step = Median(steps);
        // Steps of a batch that the measured rows did not fill are as long as a full one's.
        long stepsPerEpoch = (rows + batchSize - 1) / batchSize;
        (int read, long end) = _read.Count > 0 ? _read[^1] : (1, started);
        MemoryLimit limit = MemoryLimit.Current();
        TrainingMemory? memory = _network is { } network ? TrainingMemory.Of(network, batchSize) : null;
        return new TrainingEstimate
        {
            Rows = rows,
            Reading = Stopwatch.GetElapsedTime(started, end) * ((double)rows / Math.Max(1, read)),
            HeadEpochs = headEpochs,
            HeadEpoch = Median([.. _headEpochs]) * ((double)rows / Math.Max(1, _headRows)),
            NetworkEpochs = networkEpochs,
            NetworkEpoch = step * stepsPerEpoch,
            NetworkStep = step,
            FreeMemory = limit.Free,
            Memory = memory?.Total,
            LargestBatchSize = memory is { } needed
                ? (int)Math.Max(0, (UsedMemory * limit.Free - needed.Weights) / Math.Max(1, needed.Activations / batchSize))
                : null,
        };
    }

    private static long Count(IDataView input)
    {
        if (input.GetRowCount() is { } known)
            return known;
        long count = 0;
        using DataViewRowCursor cursor = input.GetRowCursor([]);
        while (cursor.MoveNext())
            count++;
        return count;
    }

    private static TimeSpan Median(TimeSpan[] times)
    {
        Array.Sort(times);
        return times.Length == 0 ? TimeSpan.Zero : times[times.Length / 2];
    }
}
