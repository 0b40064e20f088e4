namespace MLNetExtensions.Backbones.Comparing;

/// <summary>The hints for users whose backbone does not state its preprocessing.</summary>
internal static class AssumedPreprocessing
{
    /// <summary>The number of images that a trainer looks at.</summary>
    public const int Images = 60;

    // With so few images, a smaller difference may be chance.
    private const double Clearly = 0.1;

    /// <param name="backbone">A network whose preprocessing is assumed.</param>
    /// <param name="compared">The results; null if they were not computed.</param>
    public static string Warning(Backbone backbone, IReadOnlyList<PreprocessingComparison>? compared)
    {
        string assumed =
            $"Nothing says how the backbone '{backbone.Name}' wants its images prepared: assumed is "
            + $"'{PreprocessingCandidates.NameOf(backbone.Preprocessing)}'. ";
        const string advice =
            "Where that is another than the network was trained with, its features are poor: give the right one "
            + "(Backbone.FromFile(path, preprocessing)). ";
        if (compared is null)
            return assumed + advice + "ml.Vision().ComparePreprocessing tries the usual ones on labeled images.";
        PreprocessingComparison own = compared.First(c => c.IsAssumed),
            best = compared[0];
        string found = $"Its features put {100 * own.Accuracy:F0} % of some of your images to the right class; ";
        return best.Accuracy < own.Accuracy + Clearly
            ? assumed + found + $"none of {compared.Count - 1} other usual ways does clearly better."
            : assumed
                + found
                + $"'{best.Name}' does better, {100 * best.Accuracy:F0} %. "
                + advice
                + "ml.Vision().ComparePreprocessing lists all that were tried.";
    }
}
