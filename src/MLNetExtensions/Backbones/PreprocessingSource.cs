namespace MLNetExtensions.Backbones;

/// <summary>The source of a <see cref="Backbone"/>'s preprocessing.</summary>
public enum PreprocessingSource
{
    /// <summary>The caller passed it.</summary>
    Argument,

    /// <summary>The model file carries it in its <c>metadata_props</c>, under <c>mlnetextensions.preprocessing</c>.</summary>
    ModelMetadata,

    /// <summary>The catalog knows the file by its SHA-256.</summary>
    Catalog,

    /// <summary>
    /// Nothing is known about the file: torchvision's preprocessing is assumed (RGB, gray or RGBA as the input has channels, ImageNet mean
    /// and standard deviation, a center crop of 0.875, the size of the model's input, 224 if that is not fixed). Pass the right one if the
    /// model was trained with another.
    /// </summary>
    Default,
}
