using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The steps of a saved model that measure its images: ML.NET has none.</summary>
internal static class SizeSteps
{
    /// <summary>Appends them.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Has the image column.</param>
    /// <param name="image">The column of whole images.</param>
    /// <param name="size">The column to make: width and height.</param>
    /// <param name="temporaries">Receives the columns to drop at the end; the size is not among them.</param>
    public static EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        string image,
        string size,
        List<string> temporaries
    )
    {
        SaveWarning.NeedsPackage(context, "It measures images, so that boxes and masks are in their pixels.");
        // A saved custom mapping forgets the names of its columns, so they are fixed.
        if (image != LoadedImage.ColumnName)
            chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(LoadedImage.ColumnName, image));
        temporaries.AddRange([LoadedImage.ColumnName, MeasuredImage.ColumnName]);
        // As an estimator it takes no images but those of one type object, for which ML.NET compares references; as a transformer it takes
        // all.
        ITransformer mapping = ImageSizeMapping.Estimator(context).Fit(context.Data.LoadFromEnumerable<LoadedImage>([]));
        return chain
            .Append<ITransformer>(
                new FittedEstimator(mapping, MeasuredImage.ColumnName, new VectorDataViewType(NumberDataViewType.Single, 2))
            )
            .Append<ITransformer>(context.Transforms.CopyColumns(size, MeasuredImage.ColumnName));
    }
}
