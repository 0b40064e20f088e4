using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mapping that a saved model names: an image to its size.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class MeasureImageMapping : CustomMappingFactory<LoadedImage, MeasuredImage>
{
    private const string ContractName = "MLNetExtensions.MeasureImage";

    /// <summary>Appends the mapping of an image column.</summary>
    public static EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        string image,
        List<string> temporaries
    )
    {
        if (image != LoadedImage.ColumnName)
            chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(LoadedImage.ColumnName, image));
        temporaries.AddRange([LoadedImage.ColumnName, MeasuredImage.ColumnName]);
        // As an estimator it takes no images but those of one type object, for which ML.NET compares references; as a transformer it takes
        // all.
        ITransformer mapping = context
            .Transforms.CustomMapping<LoadedImage, MeasuredImage>(Map, ContractName)
            .Fit(context.Data.LoadFromEnumerable<LoadedImage>([]));
        return chain.Append<ITransformer>(
            new FittedEstimator(mapping, MeasuredImage.ColumnName, new VectorDataViewType(NumberDataViewType.Single, 2))
        );
    }

    public override Action<LoadedImage, MeasuredImage> GetMapping() => Map;

    private static void Map(LoadedImage source, MeasuredImage target) =>
        target.Size = [source.Image?.Width ?? 0, source.Image?.Height ?? 0];
}
