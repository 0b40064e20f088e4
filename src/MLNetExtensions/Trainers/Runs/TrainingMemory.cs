using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>
/// The memory that the steps of a training need: all values between the layers, which the way back needs too, and the weights with their
/// gradients and the optimizer's slots. Known before the first step, while the system ends a process that takes too much without a word.
/// </summary>
/// <param name="Activations">The bytes of the values between the layers, for one batch.</param>
/// <param name="Weights">The bytes of weights, gradients and slots.</param>
internal readonly record struct TrainingMemory(long Activations, long Weights)
{
    // A training beyond all memory by so much only swaps, if it goes on at all.
    private const double Hopeless = 1.25;

    private static readonly HashSet<string> WithoutValues =
    [
        "Reshape",
        "Flatten",
        "Squeeze",
        "Unsqueeze",
        "Identity",
        "Transpose",
        "Slice",
    ];

    public long Total => Activations + Weights;

    /// <summary>Computes it for a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The rows of a batch.</param>
    /// <returns>Null where the network does not state its inputs' sizes.</returns>
    public static TrainingMemory? Of(OnnxGraph network, int batch)
    {
        var shapes = new Dictionary<string, long[]>();
        foreach (OnnxValue input in network.Inputs)
        {
            if (input.Shape is not { Count: > 0 } shape || shape.Skip(1).Any(d => d.Size is null))
                return null;
            shapes[input.Name] = [batch, .. shape.Skip(1).Select(d => d.Size!.Value)];
        }
        LoweredGraph lowered = GraphLowering.Lower(network with { Outputs = [network.Outputs[0]] }, shapes, _ => true);
        long activations = lowered
            .Graph.Nodes.Where(node => !WithoutValues.Contains(node.OpType))
            .SelectMany(node => node.Outputs)
            .Where(lowered.Types.ContainsKey)
            .Sum(name => sizeof(float) * lowered.Types[name].Count);
        long weights = network.Initializers.Values.Sum(tensor => (long)tensor.RawData.Length);
        // Weights, gradients, the best epoch's weights, and two slots, as the optimizers of Adam's kind have.
        return new TrainingMemory(activations, weights * 5);
    }

    /// <summary>Compares it with what there is.</summary>
    /// <param name="limit">What there is.</param>
    /// <param name="batch">The rows of a batch.</param>
    /// <param name="warn">Gets a warning where it is more than is free.</param>
    /// <exception cref="InsufficientMemoryException">It is far more than there is.</exception>
    public void Check(MemoryLimit limit, int batch, Action<string> warn)
    {
        if (Total <= limit.Free)
            return;
        // Half of a batch in twice as many steps is the same update, but for batch normalization.
        long room = Math.Max(1, limit.Free - Weights);
        int fitting = (int)Math.Max(1, batch * Math.Min(1, (double)room / Math.Max(1, Activations)));
        int accumulated = (batch + fitting - 1) / fitting;
        string message =
            $"Training with {nameof(ImageTrainerOptions.BatchSize)} {batch} needs about {Size(Total)} ({Size(Activations)} for the values "
            + $"between the layers, {Size(Weights)} for weights and optimizer); {Size(limit.Free)} of {Size(limit.Total)} are free. "
            + (
                fitting < batch
                    ? $"Set {nameof(ImageTrainerOptions.BatchSize)} = {fitting} and {nameof(ImageTrainerOptions.GradientAccumulation)} = "
                        + $"{accumulated}, train fewer layers, or take smaller images."
                    : "Train fewer layers, or give the process more memory."
            );
        if (Total > Hopeless * limit.Total)
            throw new InsufficientMemoryException(message);
        warn(message);
    }

    private static string Size(long bytes) => bytes >= 1 << 30 ? $"{bytes / (double)(1 << 30):F1} GB" : $"{Math.Max(1, bytes >> 20)} MB";
}
