using MLNetExtensions.Backbones;

namespace MLNetExtensions.Trainers.FineTune.Recipes;

/// <summary>The backbones that a recipe chooses from.</summary>
internal static class BackbonesAtHand
{
    /// <summary>Those of the options, or else those of the catalog whose files are on this machine, the most promising first.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static IReadOnlyList<Backbone> Of(FineTuneRecipeOptions options)
    {
        IReadOnlyList<Backbone> found =
            options.Backbones
            ??
            [
                .. Backbone
                    .Catalog.Where(entry => BackboneFolders.FindFile(entry) is not null)
                    .BestFirst(entry => entry.Name, entry => entry.Preprocessing)
                    .Select(entry => Backbone.FromCatalog(entry.Name)),
            ];
        return found.Count > 0
            ? found
            : throw new InvalidOperationException(
                $"There is no backbone on this machine. Name some in {nameof(FineTuneRecipeOptions.Backbones)} "
                    + $"({nameof(Backbone)}.{nameof(Backbone.FromFile)}), download one ({nameof(Backbone)}.{nameof(Backbone.DownloadAsync)}, "
                    + $"mlnetx backbones get), or add the package Microsoft.ML.DnnImageFeaturizer.ResNet18. Folders: "
                    + $"{string.Join(", ", BackboneFolders.All)}."
            );
    }
}
