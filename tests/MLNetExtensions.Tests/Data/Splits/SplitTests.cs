using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Splits;
using Xunit;

namespace MLNetExtensions.Tests.Data.Splits;

public sealed class SplitTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Parts_have_the_proportions_of_the_whole()
    {
        // 100 of a, 50 of b, 10 of c.
        IDataView data = Rows(
            160,
            i =>
                i < 100 ? "a"
                : i < 150 ? "b"
                : "c"
        );
        DataSplit split = _ml.Vision().Split(data, new SplitOptions { TestFraction = 0.2, ValidationFraction = 0.1 });
        Assert.Equal((70, 35, 7), Counts(split.TrainSet));
        Assert.Equal((10, 5, 1), Counts(split.ValidationSet!));
        Assert.Equal((20, 10, 2), Counts(split.TestSet));
        Assert.Equal(112, split.TrainSet.GetRowCount());
        int[] all = [.. Ids(split.TrainSet), .. Ids(split.ValidationSet!), .. Ids(split.TestSet)];
        Assert.Equal(Enumerable.Range(0, 160), all.Order());
        Assert.Equal(Ids(split.TestSet).Order(), Ids(split.TestSet)); // the data's order
    }

    [Fact]
    public void The_seed_fixes_the_split()
    {
        IDataView data = Rows(100, i => "ab"[i % 2].ToString());
        int[] first = Ids(_ml.Vision().Split(data, seed: 5).TestSet);
        Assert.Equal(first, Ids(new MLContext().Vision().Split(Rows(100, i => "ab"[i % 2].ToString()), seed: 5).TestSet));
        Assert.NotEqual(first, Ids(_ml.Vision().Split(data, seed: 6).TestSet));
        // Pinned, so that a new version does not move rows from the test to the training set.
        Assert.Equal([2, 15, 24, 26, 27, 28, 29, 32, 35, 50, 53, 55, 57, 64, 66, 89, 92, 94, 97, 99], first);
    }

    [Fact]
    public void Small_classes_add_up_to_their_share_and_keep_a_row_to_train_on()
    {
        IDataView data = Rows(90, i => $"class {i / 3}");
        DataSplit split = _ml.Vision().Split(data, testFraction: 0.2);
        Assert.Null(split.ValidationSet);
        Assert.Equal(18, split.TestSet.GetRowCount());
        Assert.Equal(30, _ml.Data.CreateEnumerable<Row>(split.TrainSet, false).Select(row => row.Label).Distinct().Count());
    }

    [Fact]
    public void Groups_stay_together_and_proportions_near()
    {
        var random = new Random(1);
        // 60 patients with 1 to 12 images, all of one diagnosis or of two.
        (string Patient, string Label)[] rows =
        [
            .. Enumerable
                .Range(0, 60)
                .SelectMany(p =>
                    Enumerable
                        .Range(0, 1 + random.Next(12))
                        .Select(i =>
                            (
                                $"p{p}",
                                p % 3 == 0 ? "ill"
                                : p % 3 == 1 ? "well"
                                : i % 2 == 0 ? "ill"
                                : "well"
                            )
                        )
                ),
        ];
        IDataView data = Rows(rows.Length, i => rows[i].Label, i => rows[i].Patient);
        DataSplit split = _ml.Vision()
            .Split(
                data,
                new SplitOptions
                {
                    TestFraction = 0.25,
                    ValidationFraction = 0.15,
                    GroupColumnName = "Group",
                }
            );
        string[][] groups =
        [
            .. new[] { split.TrainSet, split.ValidationSet!, split.TestSet }.Select(part =>
                Read(part).Select(row => row.Group).Distinct().ToArray()
            ),
        ];
        Assert.Equal(60, groups.Sum(part => part.Length));
        Assert.Equal(60, groups.SelectMany(part => part).Distinct().Count());
        double ill = rows.Count(row => row.Label == "ill") / (double)rows.Length;
        foreach ((IDataView part, double fraction) in new[] { (split.TrainSet, 0.6), (split.ValidationSet!, 0.15), (split.TestSet, 0.25) })
        {
            Row[] read = Read(part);
            Assert.InRange(read.Length / (double)rows.Length, fraction - 0.02, fraction + 0.02);
            Assert.InRange(read.Count(row => row.Label == "ill") / (double)read.Length, ill - 0.05, ill + 0.05);
        }
    }

    [Fact]
    public void Each_row_is_in_the_test_set_of_one_fold()
    {
        IDataView data = Rows(53, i => i % 5 == 0 ? "rare" : "often", i => $"{i / 2}");
        foreach (string? group in new[] { null, "Group" })
        {
            IReadOnlyList<DataSplit> folds = _ml.Vision().Folds(data, 4, new SplitOptions { GroupColumnName = group });
            Assert.Equal(Enumerable.Range(0, 53), folds.SelectMany(fold => Ids(fold.TestSet)).Order());
            Assert.All(
                folds,
                fold =>
                {
                    Assert.Equal(Enumerable.Range(0, 53), Ids(fold.TestSet).Concat(Ids(fold.TrainSet)).Order());
                    Assert.InRange(Ids(fold.TestSet).Length, 11, 16);
                    Assert.InRange(Read(fold.TestSet).Count(row => row.Label == "rare"), 2, 4);
                    if (group is not null)
                        Assert.Empty(Read(fold.TestSet).Select(row => row.Group).Intersect(Read(fold.TrainSet).Select(row => row.Group)));
                }
            );
        }
    }

    [Fact]
    public void Keys_and_numbers_stratify_too()
    {
        IDataView data = Rows(
            160,
            i =>
                i < 100 ? "a"
                : i < 150 ? "b"
                : "c"
        );
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        Assert.Equal(Ids(_ml.Vision().Split(data).TestSet), Ids(_ml.Vision().Split(keyed).TestSet));
        Assert.Contains(
            "'Id' has 160 values, and each keeps a row to train on",
            Assert.Throws<ArgumentException>(() => _ml.Vision().Split(data, new SplitOptions { StratifyColumnName = "Id" })).Message
        );
        Assert.Equal(32, _ml.Vision().Split(data, new SplitOptions { StratifyColumnName = null }).TestSet.GetRowCount());
    }

    [Fact]
    public void Parts_shuffle_and_train_like_other_views()
    {
        IDataView data = _ml.Data.Cache(Rows(60, i => "ab"[i % 2].ToString()));
        IDataView test = _ml.Vision().Split(data, testFraction: 0.5).TestSet;
        int[] shuffled = Ids(_ml.Data.ShuffleRows(test, seed: 3));
        Assert.NotEqual(Ids(test), shuffled);
        Assert.Equal(Ids(test), shuffled.Order());
        Assert.Equal(Ids(test), Ids(_ml.Data.Cache(test)));
    }

    [Fact]
    public void What_cannot_be_split_is_named()
    {
        IDataView data = Rows(10, i => "a", i => "all");
        Assert.Contains("TestFraction 0 must be above 0", Error<ArgumentOutOfRangeException>(new() { TestFraction = 0 }));
        Assert.Contains(
            "both together below 1",
            Error<ArgumentOutOfRangeException>(new() { TestFraction = 0.6, ValidationFraction = 0.4 })
        );
        Assert.Contains(
            "'None'; the columns are 'Id', 'Label', 'Group'. Name another in SplitOptions.GroupColumnName.",
            Error<ArgumentOutOfRangeException>(new() { GroupColumnName = "None" })
        );
        Assert.Contains(
            "Name another in SplitOptions.StratifyColumnName.",
            Error<ArgumentOutOfRangeException>(new() { StratifyColumnName = "None" })
        );
        Assert.Contains(
            "10 rows in 1 groups leave a part with a share of 0.2 empty",
            Error<ArgumentException>(new() { GroupColumnName = "Group" })
        );
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => _ml.Vision().Split(Rows(0, i => ""))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Folds(data, 1));

        string Error<T>(SplitOptions options)
            where T : Exception => Assert.Throws<T>(() => _ml.Vision().Split(data, options)).Message;
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new SplitOptions();
        Assert.Equal(
            (0.2, 0.0, "Label", null, 1),
            (options.TestFraction, options.ValidationFraction, options.StratifyColumnName, options.GroupColumnName, options.Seed)
        );
    }

    private IDataView Rows(int count, Func<int, string> label, Func<int, string>? group = null) =>
        _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, count)
                .Select(i => new Row
                {
                    Id = i,
                    Label = label(i),
                    Group = group?.Invoke(i) ?? "",
                })
                .ToList()
        );

    private Row[] Read(IDataView view) => [.. _ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false)];

    private int[] Ids(IDataView view) => [.. view.GetColumn<int>("Id")];

    private (int, int, int) Counts(IDataView view)
    {
        string[] labels = [.. view.GetColumn<string>("Label")];
        return (labels.Count(label => label == "a"), labels.Count(label => label == "b"), labels.Count(label => label == "c"));
    }

    private sealed class Row
    {
        public int Id { get; set; }

        public string Label { get; set; } = "";

        public string Group { get; set; } = "";
    }
}
