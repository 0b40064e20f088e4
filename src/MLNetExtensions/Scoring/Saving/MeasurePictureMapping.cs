using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The size of a picture: width and height; zeros where there is none.</summary>
internal sealed class MeasuredPicture
{
    public const string ColumnName = "mlnetx.PictureSize";

    [ColumnName(ColumnName)]
    [VectorType(2)]
    public float[] Size { get; set; } = [];
}

/// <summary>The mapping that a saved model names: a picture to its size.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class MeasurePictureMapping : CustomMappingFactory<LoadedImage, MeasuredPicture>
{
    private const string ContractName = "MLNetExtensions.MeasurePicture";

    /// <summary>Appends the mapping of a picture column.</summary>
    public static EstimatorChain<ITransformer> Append(MLContext context, EstimatorChain<ITransformer> chain, string picture, List<string> temporaries)
    {
        if (picture != LoadedImage.ColumnName)
            chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(LoadedImage.ColumnName, picture));
        temporaries.AddRange([LoadedImage.ColumnName, MeasuredPicture.ColumnName]);
        // As an estimator it takes no images but those of one type object, for which ML.NET compares references; as a transformer it takes all.
        ITransformer mapping = context.Transforms.CustomMapping<LoadedImage, MeasuredPicture>(Map, ContractName).Fit(context.Data.LoadFromEnumerable<LoadedImage>([]));
        return chain.Append<ITransformer>(new FittedEstimator(mapping, MeasuredPicture.ColumnName, new VectorDataViewType(NumberDataViewType.Single, 2)));
    }

    public override Action<LoadedImage, MeasuredPicture> GetMapping() => Map;

    private static void Map(LoadedImage source, MeasuredPicture target) => target.Size = [source.Image?.Width ?? 0, source.Image?.Height ?? 0];
}
