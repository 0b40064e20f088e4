using Microsoft.ML;
using MLNetExtensions.Trainers;

namespace MLNetExtensions.Reports.Runs;

/// <summary>Finds the trained network in a fitted model.</summary>
internal static class TrainedModel
{
    /// <summary>The last trained network of a chain, or the model itself; null if there is none.</summary>
    public static TrainedImageTransformer? Find(ITransformer? model) =>
        model switch
        {
            TrainedImageTransformer trained => trained,
            IEnumerable<ITransformer> chain => chain.Select(Find).LastOrDefault(trained => trained is not null),
            _ => null,
        };
}
