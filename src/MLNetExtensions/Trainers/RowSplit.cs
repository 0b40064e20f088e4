namespace MLNetExtensions.Trainers;

/// <summary>The rows to train on and those to measure on.</summary>
internal sealed record RowSplit(int[] Training, int[] Validation)
{
    /// <summary>
    /// The rows of the validation set, or a share of the training rows (of each class, where there are classes) drawn by the seed.
    /// </summary>
    /// <param name="labels">The labels: first the training view's, then the validation set's.</param>
    /// <param name="trainingCount">The number of rows of the training view.</param>
    /// <param name="classes">The number of classes; 0 if labels are none.</param>
    /// <param name="options">Say which.</param>
    /// <param name="seed">The run's seed.</param>
    public static RowSplit Of(RowLabels labels, int trainingCount, int classes, TrainerOptions options, int seed) =>
        Of(classes > 0 ? labels.Classes : new int[labels.Count], trainingCount, options, seed);

    /// <summary>The rows of the validation set, or the same share of each group of training rows, drawn by the seed.</summary>
    /// <param name="groups">The group of each row: first the training view's, then the validation set's.</param>
    /// <param name="trainingCount">The number of rows of the training view.</param>
    /// <param name="options">Say which.</param>
    /// <param name="seed">The run's seed.</param>
    public static RowSplit Of(int[] groups, int trainingCount, TrainerOptions options, int seed)
    {
        int[] all = [.. Enumerable.Range(0, trainingCount)];
        if (options.ValidationSet is not null)
            return new RowSplit(all, [.. Enumerable.Range(trainingCount, groups.Length - trainingCount)]);
        if (options.ValidationFraction == 0)
            return new RowSplit(all, []);
        var random = new Random(seed);
        var training = new List<int>();
        var validation = new List<int>();
        foreach (IGrouping<int, int> group in all.GroupBy(row => groups[row]).OrderBy(group => group.Key))
        {
            int[] members = [.. group];
            random.Shuffle(members);
            int kept = Math.Max(1, members.Length - (int)Math.Round(members.Length * options.ValidationFraction));
            training.AddRange(members[..kept]);
            validation.AddRange(members[kept..]);
        }
        return new RowSplit([.. training.Order()], [.. validation.Order()]);
    }
}
