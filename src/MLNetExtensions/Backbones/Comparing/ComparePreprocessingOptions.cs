using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Backbones.Comparing;

/// <summary>Settings of <c>ml.Vision().ComparePreprocessing</c>.</summary>
public sealed class ComparePreprocessingOptions
{
    /// <summary>The network. Required.</summary>
    public Backbone? Backbone { get; set; }

    /// <summary>The column of classes: a key.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The image column: a path (text), an MLImage, the bytes of a file, or pixels.</summary>
    /// <value>The default is <c>Image</c>.</value>
    public string ImageColumnName { get; set; } = DefaultColumnNames.Image;

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>The number of images to use, balanced over the classes. They are run once per preprocessing, about ten times.</summary>
    /// <value>The default is 100.</value>
    public int MaximumImages { get; set; } = 100;

    /// <summary>Ends the comparison.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal ComparePreprocessingOptions Clone() => (ComparePreprocessingOptions)MemberwiseClone();

    internal void Validate()
    {
        if (Backbone is null)
            throw new ArgumentException(
                "Backbone is not set. Use Backbone.FromFile(\"backbone.onnx\") or Backbone.FromCatalog(name, cacheFolder).",
                nameof(Backbone)
            );
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ImageColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumImages, 2);
    }
}
