using Microsoft.ML;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.Reports.Runs;

/// <summary>Finds the trained network in a fitted model.</summary>
internal static class TrainedModel
{
    /// <summary>The last trained network of a chain, or the model itself; null if there is none.</summary>
    public static TrainedImageTransformer? Find(ITransformer? model) => Last<TrainedImageTransformer>(model);

    /// <summary>The result of the training run of a model; null if it holds no trained network.</summary>
    public static TrainingResult? ResultOf(ITransformer? model) =>
        Last<DenseTransformer>(model)?.Result ?? Last<TrainedImageTransformer>(model)?.Result;

    private static T? Last<T>(ITransformer? model)
        where T : class =>
        model switch
        {
            T found => found,
            IEnumerable<ITransformer> chain => chain.Select(Last<T>).LastOrDefault(found => found is not null),
            _ => null,
        };
}
