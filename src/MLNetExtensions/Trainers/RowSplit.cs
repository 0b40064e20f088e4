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
    public static RowSplit Of(RowLabels labels, int trainingCount, int classes, ImageTrainerOptions options, int seed)
    {
        int[] all = [.. Enumerable.Range(0, trainingCount)];
        if (options.ValidationSet is not null)
            return new RowSplit(all, [.. Enumerable.Range(trainingCount, labels.Count - trainingCount)]);
        if (options.ValidationFraction == 0)
            return new RowSplit(all, []);
        int[] classOf = labels.Classes;
        var random = new Random(seed);
        var training = new List<int>();
        var validation = new List<int>();
        foreach (IGrouping<int, int> group in all.GroupBy(row => classes > 0 ? classOf[row] : 0).OrderBy(group => group.Key))
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
