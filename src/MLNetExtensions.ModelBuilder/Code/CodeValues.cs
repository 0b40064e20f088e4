using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.ModelBuilder.Code;

/// <summary>What the generated code depends on.</summary>
internal sealed record CodeValues
{
    /// <summary>The configuration's version, 0 to 5.</summary>
    public required int Version { get; init; }

    /// <summary>The configuration's name.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace; empty for the global one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The model's file name.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The backbone's file name.</summary>
    public required string BackboneFile { get; init; }

    /// <summary>The preprocessing that the backbone was read with; null if it was looked up.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The node that the backbone's features were taken from; null if it was found.</summary>
    public string? FeatureNode { get; init; }

    /// <summary>The layers that were trained.</summary>
    public required FineTuneLayers Layers { get; init; }

    /// <summary>True if classes had equal weights.</summary>
    public required bool BalanceClasses { get; init; }

    /// <summary>The seed; null for MLContext's.</summary>
    public int? Seed { get; init; }
}
