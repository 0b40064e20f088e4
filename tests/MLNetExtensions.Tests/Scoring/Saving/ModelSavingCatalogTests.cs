using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Saving;

public sealed class ModelSavingCatalogTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_saved_and_loads()
    {
        ITransformer model = Model(out IDataView view);

        _ml.Model.SaveAtomic(model, view.Schema, Target);

        ITransformer loaded = _ml.Model.Load(Target, out DataViewSchema schema);
        Assert.Equal("X", Assert.Single(schema).Name);
        Assert.Equal([2f], loaded.Transform(view).GetColumn<float>("Y"));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_model_is_saved_with_its_loader()
    {
        ITransformer model = Model(out _);
        IDataLoader<IMultiStreamSource> loader = _ml.Data.CreateTextLoader([new TextLoader.Column("X", DataKind.Single, 0)]);

        _ml.Model.SaveAtomic(model, loader, Target);

        Assert.NotNull(_ml.Model.LoadWithDataLoader(Target, out IDataLoader<IMultiStreamSource> loaded));
        Assert.Equal("X", Assert.Single(loaded.GetOutputSchema()).Name);
    }

    [Fact]
    public void A_model_that_cannot_be_saved_leaves_the_one_before()
    {
        ITransformer model = Model(out IDataView view);
        _ml.Model.SaveAtomic(model, view.Schema, Target);
        byte[] before = File.ReadAllBytes(Target);

        Assert.Throws<InvalidOperationException>(() =>
            _ml.Model.SaveAtomic(new TransformerChain<ITransformer>(model, new Unsaveable()), view.Schema, Target)
        );

        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_full_disk_leaves_the_one_before_and_is_named()
    {
        using SmallDisk disk = SmallDisk.Require(megabytes: 1);
        string target = Path.Combine(disk.Folder, "model.zip");
        ITransformer model = Model(out IDataView view);
        _ml.Model.SaveAtomic(model, view.Schema, target);
        byte[] before = File.ReadAllBytes(target);
        IDataView large = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1 << 16).Select(_ => new Text { X = $"{Guid.NewGuid()}" }));

        IOException error = Assert.Throws<IOException>(() =>
            _ml.Model.SaveAtomic(_ml.Transforms.Conversion.MapValueToKey("X").Fit(large), large.Schema, target)
        );

        Assert.Contains($"'{target}' cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Contains("Free space there, or choose another disk.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(target));
        Assert.Equal([target], Directory.GetFileSystemEntries(disk.Folder));
    }

    private ITransformer Model(out IDataView view)
    {
        view = _ml.Data.LoadFromEnumerable([new Row { X = 2 }]);
        return _ml.Transforms.CopyColumns("Y", "X").Fit(view);
    }

    private sealed class Row
    {
        public float X { get; set; }
    }

    private sealed class Text
    {
        public string X { get; set; } = "";
    }

    private sealed class Unsaveable : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new InvalidOperationException("no form");

        public IDataView Transform(IDataView input) => input;
    }
}
