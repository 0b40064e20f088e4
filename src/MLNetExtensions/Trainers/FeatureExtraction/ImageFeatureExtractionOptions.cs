using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.FeatureExtraction;

/// <summary>Settings of <see cref="ImageFeatureExtractionEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class ImageFeatureExtractionOptions
{
    /// <summary>The pretrained network. Required.</summary>
    public Backbone? Backbone { get; set; }

    /// <summary>The output column: a vector of Single with the backbone's features.</summary>
    /// <value>The default is <c>Features</c>.</value>
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>
    /// The image column: an MLImage, the path of a file (text), the bytes of a file (vector of Byte), or pixels (vector of Single, as
    /// ExtractPixels makes it).
    /// </summary>
    /// <value>The default is <c>Image</c>.</value>
    public string InputColumnName { get; set; } = DefaultColumnNames.Image;

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>
    /// True if a saved model turns the files of a path column upright by their EXIF orientation, as this library does. The application that
    /// loads it then needs the small package MLNetExtensions.SavedSteps. False to save ML.NET's LoadImages, which needs no package and
    /// ignores EXIF; saving warns if images were turned.
    /// </summary>
    /// <value>The default is false. Not together with <see cref="ImageFolder"/>.</value>
    public bool UprightWhenSaved { get; set; }

    /// <summary>The preprocessing to use instead of the backbone's own.</summary>
    /// <value>The default is null: the backbone's.</value>
    public ImagePreprocessing? Preprocessing { get; set; }

    internal ImageFeatureExtractionOptions Clone() => (ImageFeatureExtractionOptions)MemberwiseClone();

    internal void Validate()
    {
        if (Backbone is null)
            throw new ArgumentException(
                "Backbone is not set. Use Backbone.FromFile(\"backbone.onnx\") or Backbone.FromCatalog(name, cacheFolder).",
                nameof(Backbone)
            );
        ArgumentException.ThrowIfNullOrEmpty(OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(InputColumnName);
    }
}
