using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Passes;

namespace Microsoft.ML;

/// <summary>Prunes networks.</summary>
public static class PruningCatalog
{
    /// <summary>
    /// Removes whole channels from a network, through BatchNorm, Add, Concat, Split and depthwise layers. Layers become narrower, the file
    /// becomes smaller and the network faster on any processor. Accuracy falls; continue training the pruned network (TrainNetwork with
    /// <c>CreateGraph = _ => pruned.Model</c>, or FineTune with <c>Backbone.FromGraph(pruned.Model, ...)</c>), best with the original
    /// network as its teacher (<see cref="MLNetExtensions.Trainers.ImageTrainerOptions"/>).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="model">The network. Its BatchNorms are kept, so that it can be trained.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">A layer named in the options does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range, or a column is missing or of another type or size than the
    /// model's input.</exception>
    /// <exception cref="InvalidOperationException">No channel can be removed, the target cannot be met, or the evaluation set is
    /// empty.</exception>
    /// <exception cref="OnnxFormatException">The sizes of an input are open, or shapes do not fit together.</exception>
    public static CompressedModel Prune(this VisionOperationsCatalog catalog, OnnxGraph model, PruneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options = CompressionOptions.Copy(options);
        SourceModel source = SourceModel.Of(model, options);
        options.IgnoredLayers = source.Resolve(options.IgnoredLayers);
        if (source.Graph.OpenInput is { } open)
            throw new OnnxFormatException(
                $"The sizes of the input {open} of the graph '{model.Name}' are open, so that its layers' sizes cannot be told. Give "
                    + $"Preprocessing, or export it with fixed sizes."
            );
        var pruning = new StructuredPruning(
            ConstantFolding.Apply(LiftConstants.Apply(BranchFolding.Apply(FunctionInlining.Apply(source.Network)))),
            options
        );
        double before = pruning.Macs;
        OnnxGraph network = pruning.Prune(),
            graph = source.Complete(network);
        using var meter = new CompressionMeter(new CompressionRun(catalog.Context, options), source, other: null);
        PrunableLayer[] narrower = [.. pruning.Layers.Where(l => !l.Outputs.All(pruning.IsKept))];
        return new CompressedModel(
            graph,
            meter.Report($"pruned to {options.TargetMacsFraction:P0} of the multiplications ({options.Importance})", graph) with
            {
                MacsBefore = (long)before,
                MacsAfter = MacCount.OfRow(network),
                CompressedLayers = [.. narrower.Select(l => l.Name)],
                KeptLayers = [.. pruning.Layers.Except(narrower).Select(l => l.Name)],
                Warnings = source.Warnings,
            }
        );
    }

    /// <summary>Removes whole channels from a backbone, using its preprocessing.</summary>
    /// <inheritdoc cref="Prune(VisionOperationsCatalog, OnnxGraph, PruneOptions?)"/>
    public static CompressedModel Prune(this VisionOperationsCatalog catalog, Backbone model, PruneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var own = (PruneOptions)(options ?? new PruneOptions()).Clone();
        own.Preprocessing ??= model.Preprocessing;
        return catalog.Prune(model.Graph, own);
    }
}
