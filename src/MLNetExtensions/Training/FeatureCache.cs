using System.Buffers;
using System.Runtime.InteropServices;
using MLNetExtensions.Data;

namespace MLNetExtensions.Training;

/// <summary>
/// The frozen layers' outputs for each row, kept for all epochs: in memory within a budget, the rest in a temporary file.
/// </summary>
/// <param name="itemSizes">The number of values of one row, for each input of the graph that reads them.</param>
/// <param name="memoryBudget">The most bytes held in memory.</param>
/// <param name="temporaryFolder">The folder of the file that is used beyond the budget.</param>
internal sealed class FeatureCache(IReadOnlyList<int> itemSizes, long memoryBudget, string temporaryFolder) : ITrainingRows
{
    private readonly RowCache _rows = new(checked(itemSizes.Sum() * sizeof(float)), memoryBudget, temporaryFolder);

    public int Count => _rows.Count;

    public IReadOnlyList<int> ItemSizes => itemSizes;

    /// <summary>Adds a row: the values of all items after one another.</summary>
    /// <exception cref="IOException">The file could not be written, for one because the disk is full.</exception>
    public void Add(ReadOnlySpan<float> row) => _rows.Add(MemoryMarshal.AsBytes(row));

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int size = itemSizes.Sum();
        float[] buffer = ArrayPool<float>.Shared.Rent(size);
        for (int i = 0; i < rows.Length; i++)
        {
            _rows.Read(rows[i], MemoryMarshal.AsBytes(buffer.AsSpan(0, size)));
            ReadOnlySpan<float> rest = buffer;
            for (int item = 0; item < itemSizes.Count; item++)
            {
                rest[..itemSizes[item]].CopyTo(inputs[item].AsSpan(i * itemSizes[item]));
                rest = rest[itemSizes[item]..];
            }
        }
        ArrayPool<float>.Shared.Return(buffer);
    }

    public void Dispose() => _rows.Dispose();
}
