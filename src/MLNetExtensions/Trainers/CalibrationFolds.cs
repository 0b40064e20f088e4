using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Trainers;

/// <summary>Parts of the training rows, of each class in proportion, that are predicted by networks trained on the rest.</summary>
internal static class CalibrationFolds
{
    private const int Folds = 5;

    /// <summary>The number of rows from which one fold is enough.</summary>
    private const int ManyRows = HeadFolds.MaximumRows + 1;

    /// <summary>... and from so few on, none tells anything.</summary>
    private const int FewRows = 10;

    /// <summary>Rows of classes with a single row are in no fold: no other row could teach them.</summary>
    /// <param name="classes">The class of each row.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="seed">Draws.</param>
    /// <returns>The places among the training rows of each fold; none where there are too few rows.</returns>
    public static int[][] Of(int[] classes, int[] rows, int seed)
    {
        var folds = new List<int>[Folds];
        for (int fold = 0; fold < Folds; fold++)
            folds[fold] = [];
        var random = new Random(seed);
        int next = 0;
        foreach (
            IGrouping<int, int> group in Enumerable.Range(0, rows.Length).GroupBy(place => classes[rows[place]]).OrderBy(group => group.Key)
        )
        {
            int[] members = [.. group];
            if (members.Length < 2)
                continue;
            random.Shuffle(members);
            foreach (int place in members)
                folds[next++ % Folds].Add(place);
        }
        return next < FewRows ? [] : [.. folds.Take(next < ManyRows ? Folds : 1).Select(fold => fold.Order().ToArray())];
    }
}
