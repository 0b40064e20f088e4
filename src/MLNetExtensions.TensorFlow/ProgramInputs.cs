using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>The tensors from which a program's network is fed.</summary>
internal sealed class ProgramInputs : IDisposable
{
    private readonly long[][] _shapes;

    public ProgramInputs(Symbol[] inputs)
    {
        _shapes = [.. inputs.Select(i => i.Shape)];
        Feeds = [.. inputs.Zip(_shapes, (input, shape) => (input, Tensor.Allocate(DataType.Float, shape)))];
    }

    /// <summary>The inputs and their tensors.</summary>
    public IReadOnlyList<(Symbol Value, Tensor Tensor)> Feeds { get; }

    /// <summary>True if the program was compiled for these shapes.</summary>
    public bool AreFor(long[][] shapes)
    {
        for (int i = 0; i < shapes.Length; i++)
            if (!shapes[i].AsSpan().SequenceEqual(_shapes[i]))
                return false;
        return true;
    }

    /// <summary>Copies a batch.</summary>
    public void Fill(TrainingBatch batch)
    {
        for (int i = 0; i < Feeds.Count; i++)
            batch.Inputs[i].Span.CopyTo(Feeds[i].Tensor.Floats);
    }

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in Feeds)
            tensor.Dispose();
    }
}
