using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Training;

/// <summary>
/// Reads rows in batches, some batches ahead of the consumer, into reused buffers, and counts how long the consumer waited.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    /// <summary>Enough to even out batches of slow images; more only costs memory.</summary>
    private const int Ahead = 2;

    private readonly ITrainingRows _rows;
    private readonly TrainingTargets _targets;
    private readonly BatchAugmenter? _batchAugmenter;
    private readonly ITargetCompletion? _completion;
    private readonly WorkerShare _share;
    private readonly int _batchSize;
    private readonly Slot[] _slots;
    private SemaphoreSlim _free = new(0),
        _full = new(0);
    private Task _pass = Task.CompletedTask;
    private volatile bool _stop;
    private bool _ended;
    private int _taken;
    private long _waited;

    /// <param name="rows">The rows.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="batchSize">The rows of a batch, of all workers together.</param>
    /// <param name="share">The worker whose rows are read; null for all.</param>
    /// <param name="batchAugmenter">Mixes the rows of training batches; null leaves them alone.</param>
    /// <param name="completion">Completes the targets of training batches; null if they are complete.</param>
    /// <param name="multiple">Batches of drawn rows are filled to a multiple of this; null where rows come in turn.</param>
    public BatchReader(
        ITrainingRows rows,
        TrainingTargets targets,
        int batchSize,
        WorkerShare? share = null,
        BatchAugmenter? batchAugmenter = null,
        ITargetCompletion? completion = null,
        int? multiple = null
    )
    {
        _share = share ?? new WorkerShare();
        _completion = completion;
        _rows = rows;
        _targets = targets;
        _batchAugmenter = batchAugmenter;
        _batchSize = batchSize;
        _slots =
        [
            .. Enumerable
                .Range(0, Ahead + 1)
                .Select(_ => new Slot(
                    rows.ItemSizes,
                    Math.Max(targets.TargetWidth(training: true), targets.TargetWidth(training: false)),
                    _share.LargestOf(batchSize),
                    multiple
                )),
        ];
    }

    /// <summary>The time that <see cref="Next"/> has waited for batches in this pass.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, _waited);

    /// <summary>Begins a pass over rows in the given order; what was read ahead of an unfinished pass is dropped.</summary>
    /// <param name="order">The rows; the memory must not change until the pass ends.</param>
    /// <param name="epoch">The view of the rows: an epoch's, for training, or the plain one, to measure.</param>
    /// <param name="firstStep">The step in the epoch of the first batch, from 0.</param>
    public void Start(ReadOnlyMemory<int> order, int epoch, int firstStep = 0)
    {
        Drain();
        _free.Dispose();
        _full.Dispose();
        (_free, _full) = (new SemaphoreSlim(_slots.Length), new SemaphoreSlim(0));
        (_taken, _waited, _ended, _stop) = (0, 0, false, false);
        _pass = Task.Factory.StartNew(
            () => Read(order, epoch, firstStep),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>The next batch, the last one possibly smaller; null after it.</summary>
    public ReadBatch? Next()
    {
        if (_ended)
            return null;
        // The consumer is done with the batch before.
        if (_taken > 0)
            _free.Release();
        long started = Stopwatch.GetTimestamp();
        _full.Wait();
        _waited += Stopwatch.GetTimestamp() - started;
        Slot slot = _slots[_taken++ % _slots.Length];
        if (slot.Failure is { } failure)
            failure.Throw();
        if (slot.Rows.Length > 0)
            return new ReadBatch(
                slot.Rows,
                slot.ToBatch(),
                slot.Total,
                slot.IsPadding,
                slot.Targets.AsMemory(0, slot.Rows.Length * slot.TargetWidth)
            );
        _ended = true;
        return null;
    }

    public void Dispose()
    {
        Drain();
        _free.Dispose();
        _full.Dispose();
    }

    private void Read(ReadOnlyMemory<int> order, int epoch, int firstStep)
    {
        for (int turn = 0, next = 0; ; turn++)
        {
            _free.Wait();
            if (_stop)
                return;
            Slot slot = _slots[turn % _slots.Length];
            slot.Failure = null;
            slot.Take(order.Slice(next, Math.Min(_batchSize, order.Length - next)), _share, isDrawn: epoch != RowView.Plain);
            next += slot.Total;
            bool last = slot.Total == 0;
            try
            {
                if (!last)
                    Fill(slot, epoch, firstStep + turn);
            }
            catch (Exception e)
            {
                // The training thread throws it, where it belongs.
                (slot.Failure, last) = (ExceptionDispatchInfo.Capture(e), true);
            }
            _full.Release();
            if (last)
                return;
        }
    }

    private void Fill(Slot slot, int epoch, int step)
    {
        ReadOnlySpan<int> rows = slot.Rows.Span;
        bool training = epoch != RowView.Plain;
        _rows.Fill(rows, epoch, slot.Buffers);
        float weight = _targets.Encode(rows, training, slot.Targets);
        slot.TargetWeight = slot.IsPadding ? 0 : weight;
        slot.TargetWidth = _targets.TargetWidth(training);
        if (!training)
            return;
        Memory<float> pixels = slot.Buffers[0].AsMemory(0, rows.Length * _rows.ItemSizes[0]);
        Span<float> targets = slot.Targets.AsSpan(0, rows.Length * slot.TargetWidth);
        _batchAugmenter?.Mix(epoch, step, pixels.Span, targets, rows.Length);
        // Of what the student will see: mixed.
        _completion?.Complete(pixels, rows.Length, targets);
    }

    /// <summary>Waits for the read under way, so that nothing writes into the buffers or rows any more.</summary>
    private void Drain()
    {
        _stop = true;
        if (!_pass.IsCompleted)
            _free.Release();
        _pass.Wait();
    }

    private sealed class Slot
    {
        private readonly IReadOnlyList<int> _itemSizes;
        private readonly ReadOnlyMemory<float>[] _inputs;
        private readonly int[] _rows;
        private readonly int? _multiple;
        private int _fillers;

        public Slot(IReadOnlyList<int> itemSizes, int width, int batchSize, int? multiple)
        {
            (_itemSizes, _multiple) = (itemSizes, multiple);
            _rows = new int[batchSize];
            Buffers = [.. itemSizes.Select(size => GC.AllocateUninitializedArray<float>(checked(size * batchSize)))];
            _inputs = new ReadOnlyMemory<float>[Buffers.Length];
            Targets = new float[width * batchSize];
        }

        public float[][] Buffers { get; }

        public float[] Targets { get; }

        public float TargetWeight { get; set; }

        public int TargetWidth { get; set; }

        public ReadOnlyMemory<int> Rows { get; private set; }

        public int Total { get; private set; }

        public bool IsPadding { get; private set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        public TrainingBatch ToBatch() =>
            new()
            {
                Count = Rows.Length,
                Inputs = _inputs,
                Targets = Targets.AsMemory(0, Rows.Length * TargetWidth),
                TargetWeight = TargetWeight,
                Fillers = _fillers,
            };

        public void Take(ReadOnlyMemory<int> rows, WorkerShare share, bool isDrawn)
        {
            _fillers = 0;
            Total = rows.Length;
            int count = isDrawn && _multiple is { } multiple ? TakeDrawn(rows.Span, multiple) : share.Deal(rows.Span, _rows);
            IsPadding = count == 0 && Total > 0;
            if (IsPadding)
                _rows[count++] = rows.Span[0];
            Rows = _rows.AsMemory(0, count);
            for (int i = 0; i < _inputs.Length; i++)
                _inputs[i] = Buffers[i].AsMemory(0, count * _itemSizes[i]);
        }

        /// <summary>Takes the rows that were drawn, and fills up with the first one, or another, that does not count.</summary>
        private int TakeDrawn(ReadOnlySpan<int> rows, int multiple)
        {
            int drawn = 0;
            foreach (int row in rows)
                if (row != StepSampling.Missing)
                    _rows[drawn++] = row;
            int count = rows.IsEmpty ? 0 : Math.Min(_rows.Length, Math.Max(1, (drawn + multiple - 1) / multiple) * multiple);
            _fillers = count - drawn;
            Array.Fill(_rows, drawn > 0 ? _rows[0] : 0, drawn, _fillers);
            return count;
        }
    }
}
