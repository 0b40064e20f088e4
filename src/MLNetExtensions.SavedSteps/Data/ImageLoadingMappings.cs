using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace MLNetExtensions.Data;

/// <summary>A row with the path of an image file.</summary>
internal sealed class ImagePathSource
{
    public const string ColumnName = "mlnetx.ImagePath";

    [ColumnName(ColumnName)]
    public ReadOnlyMemory<char> Path { get; set; }
}

/// <summary>A row with an encoded image.</summary>
internal sealed class EncodedImageSource
{
    public const string ColumnName = "mlnetx.EncodedImage";

    [ColumnName(ColumnName)]
    public VBuffer<byte> Encoded { get; set; }
}

/// <summary>The output row of the mappings. ML.NET passes the same object for each row.</summary>
internal sealed class LoadedImage
{
    public const string ColumnName = "mlnetx.Image";

    [ColumnName(ColumnName)]
    [AnySizeImage]
    public MLImage? Image { get; set; }

    /// <summary>Frees the previous row's pixels at once instead of at the next garbage collection.</summary>
    public void Clear()
    {
        Image?.Dispose();
        Image = null;
    }
}

/// <summary>ML.NET's own attribute cannot be used without a size.</summary>
internal sealed class AnySizeImageAttribute : DataViewTypeAttribute
{
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    public override bool Equals(DataViewTypeAttribute? other) => other is AnySizeImageAttribute;

    public override int GetHashCode() => typeof(AnySizeImageAttribute).GetHashCode();
}

/// <summary>The mapping that a saved model names: a path to an upright image.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class LoadImageFileMapping : CustomMappingFactory<ImagePathSource, LoadedImage>
{
    private const string ContractName = "MLNetExtensions.LoadImageFile";

    public static CustomMappingEstimator<ImagePathSource, LoadedImage> Estimator(MLContext context) =>
        context.Transforms.CustomMapping<ImagePathSource, LoadedImage>(new UprightImageLoader().Load, ContractName);

    public override Action<ImagePathSource, LoadedImage> GetMapping() => new UprightImageLoader().Load;
}

/// <summary>The mapping that a saved model names: encoded bytes to an upright image.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class DecodeImageMapping : CustomMappingFactory<EncodedImageSource, LoadedImage>
{
    private const string ContractName = "MLNetExtensions.DecodeImage";

    public static CustomMappingEstimator<EncodedImageSource, LoadedImage> Estimator(MLContext context) =>
        context.Transforms.CustomMapping<EncodedImageSource, LoadedImage>(new UprightImageLoader().Load, ContractName);

    public override Action<EncodedImageSource, LoadedImage> GetMapping() => new UprightImageLoader().Load;
}
