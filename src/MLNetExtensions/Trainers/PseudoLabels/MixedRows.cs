using System.Buffers;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.PseudoLabels;

/// <summary>Labeled rows with one augmentation, and the unlabeled rows behind them with another.</summary>
/// <param name="labeled">The rows with the augmentation of labeled ones.</param>
/// <param name="unlabeled">The same rows with that of unlabeled ones.</param>
/// <param name="firstUnlabeled">The first row without a label.</param>
internal sealed class MixedRows(ITrainingRows labeled, ITrainingRows unlabeled, int firstUnlabeled) : ITrainingRows
{
    public int Count => labeled.Count;

    public IReadOnlyList<int> ItemSizes => labeled.ItemSizes;

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int known = UnlabeledOrder.CountLabeled(rows, firstUnlabeled);
        if (known > 0)
            labeled.Fill(rows[..known], epoch, inputs);
        if (known == rows.Length)
            return;
        int size = ItemSizes[0],
            length = (rows.Length - known) * size;
        float[] part = ArrayPool<float>.Shared.Rent(length);
        unlabeled.Fill(rows[known..], epoch, [part]);
        part.AsSpan(0, length).CopyTo(inputs[0].AsSpan(known * size));
        ArrayPool<float>.Shared.Return(part);
    }

    public void Dispose()
    {
        labeled.Dispose();
        unlabeled.Dispose();
    }
}
