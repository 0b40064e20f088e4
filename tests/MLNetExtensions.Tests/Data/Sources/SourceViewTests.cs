using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class SourceViewTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Images_in_memory_keep_their_bytes_names_and_labels()
    {
        IDataView view = Numbers(5);
        Assert.Equal(["Image", "ImagePath", "Label"], view.Schema.Select(column => column.Name));
        Assert.Equal(
            [
                [0],
                [1],
                [2],
                [3],
                [4],
            ],
            SourceRows.Images(view)
        );
        Assert.Equal(["0", "1", "2", "3", "4"], SourceRows.Texts(view, "ImagePath"));
        Assert.Equal(["even", "odd", "even", "odd", "even"], SourceRows.Texts(view, "Label"));
        Assert.Equal(5, view.GetRowCount());
        Assert.Equal(["Image", "ImagePath"], _ml.Data.LoadFromEncodedImages([new([1])]).Schema.Select(column => column.Name));
    }

    [Fact]
    public void Shuffling_keeps_rows_together_and_their_identity()
    {
        IDataView view = Numbers(50);
        Assert.True(view.CanShuffle);
        List<(byte, string, ulong)> rows = [];
        using (DataViewRowCursor cursor = view.GetRowCursor(view.Schema, new Random(3)))
        {
            ValueGetter<VBuffer<byte>> image = cursor.GetGetter<VBuffer<byte>>(view.Schema["Image"]);
            ValueGetter<ReadOnlyMemory<char>> path = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["ImagePath"]);
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            VBuffer<byte> bytes = default;
            ReadOnlyMemory<char> text = default;
            DataViewRowId row = default;
            while (cursor.MoveNext())
            {
                image(ref bytes);
                path(ref text);
                id(ref row);
                rows.Add((bytes.GetItemOrDefault(0), text.ToString(), row.Low));
            }
            Assert.False(cursor.MoveNext());
            Assert.Throws<InvalidOperationException>(() => path(ref text));
        }
        Assert.All(rows, row => Assert.Equal((row.Item1.ToString(), (ulong)row.Item1), (row.Item2, row.Item3)));
        Assert.NotEqual(Enumerable.Range(0, 50).Select(i => (byte)i), rows.Select(row => row.Item1));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (byte)i), rows.Select(row => row.Item1).Order());
    }

    [Fact]
    public void ML_NET_caches_shuffles_splits_and_filters_it()
    {
        IDataView view = Numbers(40);
        IDataView cached = _ml.Data.Cache(view);
        Assert.Equal(SourceRows.Images(view), SourceRows.Images(cached));
        Assert.NotEqual(SourceRows.Texts(view, "ImagePath"), SourceRows.Texts(_ml.Data.ShuffleRows(view, seed: 1), "ImagePath"));
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(view, 0.25);
        string[] both = [.. SourceRows.Texts(split.TrainSet, "ImagePath"), .. SourceRows.Texts(split.TestSet, "ImagePath")];
        Assert.Equal(40, both.Distinct().Count());
        Assert.Equal(3, SourceRows.Texts(_ml.Data.TakeRows(view, 3), "Label").Length);
    }

    [Fact]
    public void Columns_that_were_not_asked_for_are_not_read()
    {
        IDataView view = Numbers(2);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Label"]]);
        Assert.False(cursor.IsColumnActive(view.Schema["Image"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<VBuffer<byte>>(view.Schema["Image"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Label"]));
    }

    [Fact]
    public void What_is_wrong_with_images_in_memory_is_named()
    {
        Assert.Contains("no images", Error([]));
        Assert.Contains("Image 1 has no bytes", Error([new([1]), new([])]));
        Assert.Contains("Image 1 has no label, others have", Error([new([1], "a"), new([2])]));

        string Error(EncodedImage[] images) => Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromEncodedImages(images)).Message;
    }

    private IDataView Numbers(int count) =>
        _ml.Data.LoadFromEncodedImages(
            Enumerable.Range(0, count).Select(i => new EncodedImage([(byte)i], i % 2 == 0 ? "even" : "odd", $"{i}"))
        );
}
