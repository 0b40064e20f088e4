using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.PseudoLabels;

/// <summary>
/// Steps of labeled rows and unlabeled ones behind them. An epoch is a pass over the unlabeled rows; the labeled ones come round as often as
/// it takes.
/// </summary>
internal sealed class UnlabeledOrder : StepSampling
{
    private readonly int[] _labeled;
    private readonly int[] _unlabeled;
    private readonly int _labeledSize,
        _unlabeledSize,
        _seed;
    private readonly int[] _order;

    /// <param name="labeled">The labeled rows.</param>
    /// <param name="unlabeled">The unlabeled rows.</param>
    /// <param name="batchSize">The labeled rows of a step.</param>
    /// <param name="ratio">The unlabeled rows of a step, times <paramref name="batchSize"/>.</param>
    /// <param name="seed">The run's seed.</param>
    public UnlabeledOrder(int[] labeled, int[] unlabeled, int batchSize, int ratio, int seed)
    {
        (_labeled, _unlabeled, _seed) = ([.. labeled], [.. unlabeled], seed);
        _labeledSize = Math.Min(batchSize, labeled.Length);
        _unlabeledSize = Math.Min(_labeledSize * ratio, unlabeled.Length);
        _order = new int[StepsPerEpoch * SlotSize];
    }

    public override int SlotSize => _labeledSize + _unlabeledSize;

    public override int StepsPerEpoch => _unlabeled.Length / _unlabeledSize;

    public override int? Multiple => null;

    /// <summary>The number of labeled rows, which come first in a batch.</summary>
    public static int CountLabeled(ReadOnlySpan<int> rows, int firstUnlabeled)
    {
        int count = 0;
        while (count < rows.Length && rows[count] < firstUnlabeled)
            count++;
        return count;
    }

    public override ReadOnlyMemory<int> Draw(int epoch)
    {
        var random = new Random(RunSeed.Of(_seed, epoch));
        int[] unlabeled = [.. _unlabeled],
            labeled = [.. _labeled];
        random.Shuffle(unlabeled);
        int next = labeled.Length;
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            Span<int> slot = _order.AsSpan(step * SlotSize, SlotSize);
            for (int i = 0; i < _labeledSize; i++)
            {
                if (next == labeled.Length)
                {
                    random.Shuffle(labeled);
                    next = 0;
                }
                slot[i] = labeled[next++];
            }
            unlabeled.AsSpan(step * _unlabeledSize, _unlabeledSize).CopyTo(slot[_labeledSize..]);
        }
        return _order;
    }
}
