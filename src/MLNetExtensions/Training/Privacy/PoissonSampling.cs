using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetExtensions.Training.Privacy;

/// <summary>
/// Steps for which every row is drawn by itself, with the same probability. A step's rows stand in a part of an epoch's order that is as
/// long for each step; <see cref="StepSampling.Missing"/> stands where there is none.
/// </summary>
internal sealed class PoissonSampling : StepSampling
{
    /// <summary>A step of more rows than <see cref="SlotSize"/> comes once in e^46 steps.</summary>
    private const double LogOfOverflow = 46;

    private readonly int[] _rows;
    private readonly int[] _order;
    private readonly int? _seed;
    private readonly ulong[] _draws = new ulong[4096];

    /// <param name="rows">The training rows.</param>
    /// <param name="batchSize">The expected number of rows of a step.</param>
    /// <param name="seed">The seed of the draws, for tests; null for the system's cryptographic source.</param>
    public PoissonSampling(int[] rows, int batchSize, int? seed)
    {
        (_rows, _seed) = (rows, seed);
        ExpectedBatchSize = Math.Min(batchSize, rows.Length);
        SlotSize = SlotOf(rows.Length, batchSize);
        StepsPerEpoch = Math.Max(1, rows.Length / batchSize);
        _order = new int[StepsPerEpoch * SlotSize];
    }

    /// <summary>The expected number of rows of a step.</summary>
    public int ExpectedBatchSize { get; }

    /// <summary>The probability with which each row joins a step.</summary>
    public double Rate => (double)ExpectedBatchSize / _rows.Length;

    public override int SlotSize { get; }

    public override int StepsPerEpoch { get; }

    public override int? Multiple => 2 * (int)Math.Ceiling(Math.Sqrt(ExpectedBatchSize));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A step has more rows than places, which does not happen by chance.</exception>
    public override ReadOnlyMemory<int> Draw(int epoch)
    {
        Random? random = _seed is { } seed ? new Random(RunSeed.Of(seed, epoch)) : null;
        // A row joins if a number of 64 bits is below this.
        double bound = Rate * Math.Pow(2, 64);
        ulong limit = bound >= Math.Pow(2, 64) ? ulong.MaxValue : (ulong)bound;
        Array.Fill(_order, Missing);
        int next = _draws.Length;
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            int taken = 0;
            foreach (int row in _rows)
            {
                if (next == _draws.Length)
                {
                    Span<byte> bytes = MemoryMarshal.AsBytes(_draws.AsSpan());
                    if (random is null)
                        RandomNumberGenerator.Fill(bytes);
                    else
                        random.NextBytes(bytes);
                    next = 0;
                }
                if (_draws[next++] > limit)
                    continue;
                if (taken == SlotSize)
                    throw new InvalidOperationException(
                        $"A step drew more than {SlotSize} of {_rows.Length} rows, where {ExpectedBatchSize} are expected: the source of random numbers is broken."
                    );
                _order[step * SlotSize + taken++] = row;
            }
        }
        return _order;
    }

    /// <summary>The places that a sum of independent draws exceeds with a negligible probability (Chernoff's bound).</summary>
    private static int SlotOf(int rows, int batchSize) =>
        (int)
            Math.Min(
                rows,
                batchSize + LogOfOverflow / 3 + Math.Sqrt(LogOfOverflow * LogOfOverflow / 9 + 2 * batchSize * LogOfOverflow) + 1
            );
}
