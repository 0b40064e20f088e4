using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Rows on their way through the model; reused from batch to batch.</summary>
internal sealed class ScoreBatch : IWorkSlot
{
    private readonly bool[] _missing;

    public ScoreBatch(ScoringPlan plan, int rows)
    {
        Plan = plan;
        Ids = new DataViewRowId[rows];
        _missing = new bool[rows];
        Inputs = [.. plan.Inputs.Select(i => new BatchInput(i.Spec.Kind.NewBuffer(), rows))];
        Outputs = [.. plan.Outputs.Select(o => o.Spec.Kind.NewBuffer())];
        HasWritableOutputs = Array.TrueForAll(Outputs, o => o.IsWritable);
    }

    public ScoringPlan Plan { get; }

    /// <summary>The most rows.</summary>
    public int Capacity => Ids.Length;

    /// <summary>The identities of the rows in the data.</summary>
    public DataViewRowId[] Ids { get; }

    public BatchInput[] Inputs { get; }

    public TensorBuffer[] Outputs { get; }

    /// <summary>True if ONNX Runtime can write into all outputs.</summary>
    public bool HasWritableOutputs { get; }

    /// <summary>The inputs and outputs where they are bound to a session.</summary>
    public BatchBinding Binding { get; } = new();

    /// <summary>True if inputs and outputs keep their memory from batch to batch, so that they can be bound.</summary>
    public bool IsBindable => Plan.AreOutputsWritten && Buffers.All(b => b.IsWritable);

    /// <summary>The values of all inputs and outputs.</summary>
    public IEnumerable<TensorBuffer> Buffers => Inputs.Select(i => i.Buffer).Concat(Outputs);

    /// <summary>The number of rows.</summary>
    public int Count { get; set; }

    /// <summary>The error that followed the last row, if any.</summary>
    public Exception? Error { get; set; }

    /// <summary>True if the data end with this batch.</summary>
    public bool IsLast { get; set; }

    /// <summary>
    /// Set when the outputs are there. Who waits for them does so asleep: spinning would take a processor from those who compute.
    /// </summary>
    public ManualResetEventSlim Done { get; } = new(false, spinCount: 0);

    public bool IsMissing(int row) => _missing[row];

    /// <summary>Marks a row whose image cannot be read.</summary>
    public void Miss(int row) => _missing[row] = true;

    public void Clear()
    {
        (Count, Error, IsLast) = (0, null, false);
        Array.Clear(_missing);
    }

    /// <summary>The size of a row's image as it was, of the first input that has one.</summary>
    public ImageSize ImageOf(int row) => Array.Find(Inputs, i => i.SourceSize(row) != default)?.SourceSize(row) ?? default;

    /// <summary>A row's values of an output.</summary>
    public ReadOnlySpan<T> Values<T>(int output, int row)
    {
        Span<T> all = ((TensorBuffer<T>)Outputs[output]).Items;
        int length = all.Length / Plan.RowsToRun(Count);
        return all.Slice(row * length, length);
    }

    public void Dispose()
    {
        Done.Dispose();
        Binding.Dispose();
        foreach (BatchInput input in Inputs)
            input.Dispose();
    }
}
