using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Trainers.FeatureExtraction;

/// <summary>Adds the features of a backbone for images: a vector of Single.</summary>
/// <inheritdoc cref="ImageTransformer"/>
public sealed class ImageFeatureExtractionTransformer : ImageTransformer
{
    internal ImageFeatureExtractionTransformer(MLContext context, ScoringModel scoring, ImageColumn image)
        : base(context, scoring, image) { }

    /// <summary>The number of features.</summary>
    public int Length => Scoring.OutputLength;

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input) =>
        [
            new ValuesColumn<float>(
                Scoring.Names.Output,
                0,
                new VectorDataViewType(NumberDataViewType.Single, Length),
                DataViewSchema.Annotations.Empty
            ),
        ];
}
