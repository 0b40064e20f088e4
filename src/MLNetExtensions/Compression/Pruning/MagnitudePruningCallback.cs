using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>
/// Sets more and more of the smallest weights to 0 while a network is trained (arXiv 1710.01878: <c>final * (1 - (1 - t)^3)</c>), and keeps
/// them at 0. The remaining weights learn to do without them. Matrices and kernels are pruned, biases and norms are not; the head's own
/// phase of fine-tuning is not affected. A file with zeros compresses well, and runtimes for sparse weights are faster; ONNX Runtime is
/// not, see <see cref="PruningCatalog.Prune(VisionOperationsCatalog, OnnxGraph, PruneOptions?)"/>.
/// </summary>
/// <param name="sparsity">The fraction of the weights that are 0 at the end, above 0 and below 1.</param>
public sealed class MagnitudePruningCallback(double sparsity = 0.8) : TrainingCallback
{
    private bool _begun;

    /// <summary>The fraction of the weights that are 0 at the end.</summary>
    public double Sparsity { get; } =
        sparsity is > 0 and < 1
            ? sparsity
            : throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "Sparsity must be above 0 and below 1.");

    /// <summary>The fraction of the steps before pruning starts, 0 to 1.</summary>
    /// <value>The default is 0.</value>
    public double Start { get; init; }

    /// <summary>The fraction of the steps after which pruning is complete; the rest of the run trains the remaining weights.</summary>
    /// <value>The default is 0.6.</value>
    public double End { get; init; } = 0.6;

    /// <summary>The number of steps between two prunings.</summary>
    /// <value>The default is 20.</value>
    public int Every { get; init; } = 20;

    /// <summary>
    /// True to give each layer the same fraction of zeros; false to remove the smallest weights of all layers, each relative to the root
    /// mean square of its layer.
    /// </summary>
    /// <value>The default is true.</value>
    public bool PerLayer { get; init; } = true;

    /// <summary>The names of parameters that are not pruned.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyCollection<string> KeptParameters { get; init; } = [];

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainBeginArguments arguments) => _begun = false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The training runtime does not support masks.</exception>
    public override void OnStepEnd(StepEndArguments arguments)
    {
        TrainingRun run = arguments.Run;
        if (run.Phase == TrainingPhase.Head)
            return;
        int steps = run.Epochs * run.StepsPerEpoch;
        (double first, double last) = (Start * steps, Math.Max(End * steps, Start * steps + 1));
        // A run that goes on from a checkpoint has lost its masks.
        bool due = !_begun || ((arguments.Step - (int)first) % Every == 0 && arguments.Step < last + Every);
        if (arguments.Step < first || !due)
            return;
        _begun = true;
        double t = Math.Clamp((arguments.Step - first) / (last - first), 0, 1);
        if (run.Session is not IMaskedSession masked)
            throw new NotSupportedException(
                $"The training runtime of {run.Session.GetType().Name} keeps no masks, which {nameof(MagnitudePruningCallback)} needs."
            );
        masked.SetMasks(Masks(run, Sparsity * (1 - Math.Pow(1 - t, 3))));
    }

    private Dictionary<string, OnnxTensor> Masks(TrainingRun run, double share)
    {
        IReadOnlyDictionary<string, OnnxTensor> weights = run.ReadWeights();
        HashSet<string> parameters =
        [
            .. ParameterAnalysis
                .FindParameters(run.Network!)
                .Where(p => p.Shape.Count(size => size > 1) > 1 || p.Shape.Count == 2)
                .Select(p => p.Name),
        ];
        (string Name, float[] Sizes)[] layers =
        [
            .. weights
                .Where(w => parameters.Contains(w.Key) && !KeptParameters.Contains(w.Key))
                .Select(w => (w.Key, Relative(w.Value.ToFloats()))),
        ];
        float whole = PerLayer ? 0 : Threshold([.. layers.SelectMany(l => l.Sizes)], share);
        var masks = new Dictionary<string, OnnxTensor>();
        foreach ((string name, float[] sizes) in layers)
        {
            float threshold = PerLayer ? Threshold([.. sizes], share) : whole;
            masks[name] = OnnxTensor.FromFloats(name, [.. weights[name].Shape], [.. sizes.Select(size => size > threshold ? 1f : 0)]);
        }
        return masks;
    }

    private static float[] Relative(float[] weights)
    {
        double scale = Math.Sqrt(weights.Average(w => (double)w * w));
        return [.. weights.Select(w => scale > 0 ? (float)(Math.Abs(w) / scale) : 0)];
    }

    /// <summary>The size that so large a share of the weights does not exceed.</summary>
    private static float Threshold(float[] sizes, double share)
    {
        int count = (int)(share * sizes.Length);
        if (count == 0)
            return -1;
        Array.Sort(sizes);
        return sizes[count - 1];
    }
}
