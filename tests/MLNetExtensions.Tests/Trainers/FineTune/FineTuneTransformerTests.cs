using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public sealed class FineTuneTransformerTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    [Theory]
    [InlineData("paths")]
    [InlineData("bytes")]
    [InlineData("images")]
    [InlineData("pixels")]
    public void Scores_every_form_of_images_alike(string form)
    {
        float[][] expected = Scores(_images.Paths(_ml));

        Assert.Equal(expected, Scores(View(form)));
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.Equal(row % 3, Array.IndexOf(expected[row], expected[row].Max()));
            Assert.Equal(1, expected[row].Sum(), 1e-5f);
        }
    }

    [Theory]
    [InlineData("paths")]
    [InlineData("bytes")]
    [InlineData("images")]
    [InlineData("pixels")]
    public void Reloaded_scores_are_the_same(string form)
    {
        IDataView view = View(form);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        IDataView reloaded = _reloaded.Of(_ml, transformer, view.Schema).Transform(view);

        AssertSameScores(transformer.Transform(view), reloaded);
        Assert.Equal(
            ["Image", "Label", "Number", "PredictedLabel", "Score"],
            reloaded.Schema.Where(c => !c.IsHidden).Select(c => c.Name).Order()
        );
        Assert.Equal(ColorImages.Names, KeyValues(reloaded.Schema["PredictedLabel"]));
        Assert.Equal(ColorImages.Names, SlotNames(reloaded.Schema["Score"]));
    }

    [Fact]
    public void Photos_are_turned_upright_everywhere_but_in_LoadImages()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        _ml.Log += (_, e) => warnings.Add(e.RawMessage);
        byte[] jpeg = TurnedJpeg();
        string path = folder.Add("turned.jpg", jpeg);
        IDataView paths = LoadOne(new KeyRow { Image = path }),
            bytes = LoadOne(new EncodedKeyRow { Image = jpeg });
        OnnxGraph network = TinyClassifier.TopHalfNetwork();
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, paths.Schema, network);
        using FineTuneTransformer ofBytes = TinyClassifier.Transformer(_ml, bytes.Schema, network);
        float[] upright = transformer.Transform(paths).GetColumn<float[]>("Score").Single();
        using var engine = _ml.Model.CreatePredictionEngine<KeyRow, ScoreOnly>(
            transformer,
            new PredictionEngineOptions { OwnsTransformer = false }
        );

        Assert.Equal(upright, engine.Predict(new KeyRow { Image = path }).Score);
        AssertSameScores(ofBytes.Transform(bytes), _reloaded.Of(_ml, ofBytes, bytes.Schema).Transform(bytes));
        Assert.Equal(upright, ofBytes.Transform(bytes).GetColumn<float[]>("Score").Single());
        // Documented: LoadImages, which a saved model of a path column begins with, does not know orientations. Saving says so, and what a
        // model of bytes needs.
        Assert.NotEqual(upright, _reloaded.Of(_ml, transformer, paths.Schema).Transform(paths).GetColumn<float[]>("Score").Single());
        Assert.Contains(
            warnings,
            w =>
                w.Contains("Images were turned upright by their EXIF orientation", StringComparison.Ordinal)
                && w.Contains("UprightWhenSaved", StringComparison.Ordinal)
        );
        Assert.Contains(warnings, w => w.Contains("needs the package MLNetExtensions.SavedSteps", StringComparison.Ordinal));

        using FineTuneTransformer exact = TinyClassifier.Transformer(_ml, paths.Schema, network, uprightWhenSaved: true);
        ITransformer loaded = _reloaded.Of(_ml, exact, paths.Schema);
        AssertSameScores(exact.Transform(paths), loaded.Transform(paths));
        using var accelerated = (IDisposable)_ml.Model.Accelerate(loaded);
        AssertSameScores(exact.Transform(paths), ((ITransformer)accelerated).Transform(paths));
    }

    [Fact]
    public void Saves_inside_of_nested_chains()
    {
        IDataView view = _images.Paths(_ml);
        ITransformer inner = _ml.Transforms.CopyColumns("Photo", "Image").Append(new TinyEstimator(_ml)).Fit(view);
        var outer = new TransformerChain<ITransformer>(
            inner,
            _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(inner.Transform(view))
        );

        IDataView reloaded = _reloaded.Of(_ml, outer, view.Schema).Transform(view);

        Assert.Equal(_images.Rows.Select(r => r.Label), reloaded.GetColumn<string>("PredictedLabel"));
    }

    [Fact]
    public void Save_leaves_no_file_behind()
    {
        using var temporary = new TemporaryFolder();
        _ml.TempFilePath = temporary.Path;
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        _ml.Model.Save(transformer, view.Schema, new MemoryStream());

        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
    }

    [Fact]
    public void Columns_are_annotated_as_those_of_trainers()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        DataViewSchema schema = transformer.GetOutputSchema(view.Schema);

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Score"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["PredictedLabel"].Type);
        Assert.Equal(
            ["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind", "SlotNames", "TrainingLabelValues"],
            schema["Score"].Annotations.Schema.Select(a => a.Name).Order()
        );
        Assert.Equal(
            ["KeyValues", "ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind"],
            schema["PredictedLabel"].Annotations.Schema.Select(a => a.Name).Order()
        );
    }

    [Fact]
    public void Evaluates_with_class_names()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(
            transformer.Transform(view),
            topKPredictionCount: 2
        );

        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.Equal(12 / 3, metrics.ConfusionMatrix.Counts[1][1]);
        Assert.All(
            ColorImages.Names,
            name => Assert.Contains(name, metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Cross_validates()
    {
        var results = _ml.MulticlassClassification.CrossValidate(_images.Paths(_ml), new TinyEstimator(_ml), numberOfFolds: 3);

        Assert.Equal(3, results.Count);
        Assert.All(results, r => Assert.Equal(1, r.Metrics.MicroAccuracy));
    }

    [Fact]
    public void PredictionEngine_scores_as_transform_does()
    {
        IDataView view = _images.Paths(_ml);
        float[][] expected = Scores(view);
        using TransformerChain<Microsoft.ML.Transforms.KeyToValueMappingTransformer> model = new TinyEstimator(_ml)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(view);

        using var engine = _ml.Model.CreatePredictionEngine<Photo, Prediction>(model);

        for (int row = 0; row < expected.Length; row++)
        {
            Prediction prediction = engine.Predict(new Photo { Image = _images.Rows[row].Image });
            Assert.Equal(expected[row], prediction.Score);
            Assert.Equal(_images.Rows[row].Label, prediction.PredictedLabel);
        }
    }

    [Fact]
    public void Many_PredictionEngines_share_one_transformer()
    {
        IDataView view = _images.Paths(_ml);
        float[][] expected = Scores(view);
        using TransformerChain<Microsoft.ML.Transforms.KeyToValueMappingTransformer> model = new TinyEstimator(_ml)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(view);
        var options = new PredictionEngineOptions { OwnsTransformer = false };

        Parallel.For(
            0,
            4,
            _ =>
            {
                using var engine = _ml.Model.CreatePredictionEngine<Photo, Prediction>(model, options);
                for (int i = 0; i < 60; i++)
                    Assert.Equal(expected[i % 12], engine.Predict(new Photo { Image = _images.Rows[i % 12].Image }).Score);
            }
        );
    }

    [Fact]
    public void Permutation_feature_importance_runs()
    {
        IDataView view = _images.Pixels(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        var importance = _ml.MulticlassClassification.PermutationFeatureImportance(transformer, view, numberOfExamplesToUse: 12);

        Assert.Equal(3 * 10 * 12, importance.Length);
    }

    [Fact]
    public void Nothing_is_computed_until_a_score_is_asked_for()
    {
        using var missing = new ColorImages(3);
        IDataView view = missing.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        File.Delete(missing.Rows[1].Image);

        IDataView scored = transformer.Transform(view);

        Assert.Equal([0f, 1, 2], scored.GetColumn<float>("Number"));
        Assert.Throws<InvalidImageException>(() => scored.GetColumn<float[]>("Score").ToList());
    }

    [Fact]
    public void An_invalid_image_is_an_error_when_its_row_is_reached()
    {
        using var missing = new ColorImages(5);
        IDataView view = missing.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        File.WriteAllText(missing.Rows[3].Image, "no image");
        IDataView scored = transformer.Transform(view);

        Assert.Equal(3, scored.GetColumn<float[]>("Score").Take(3).Count());
        var error = Assert.Throws<InvalidImageException>(() => scored.GetColumn<float[]>("Score").ToList());
        Assert.Equal(3, error.Row);
        Assert.Equal(missing.Rows[3].Image, error.Path);
    }

    [Fact]
    public void Keeps_order_and_other_columns_over_many_batches()
    {
        using var many = new ColorImages(150, 12, 10);
        IDataView view = many.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        IDataView scored = transformer.Transform(view);

        Assert.Equal(Enumerable.Range(0, 150).Select(i => (float)i), scored.GetColumn<float>("Number"));
        Assert.Equal(scored.GetColumn<uint>("Label"), scored.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(
            150,
            _ml.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false).Count(r => r.PredictedLabel == (uint)(r.Number % 3) + 1)
        );
    }

    [Fact]
    public void Shuffled_rows_keep_their_scores()
    {
        IDataView cached = _ml.Data.Cache(_images.Paths(_ml));
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, cached.Schema);
        IDataView scored = transformer.Transform(cached);
        Assert.True(scored.CanShuffle);

        var numbers = new List<float>();
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema, new Random(3));
        ValueGetter<float> number = cursor.GetGetter<float>(scored.Schema["Number"]);
        ValueGetter<uint> predicted = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        while (cursor.MoveNext())
        {
            float n = 0;
            uint p = 0;
            number(ref n);
            predicted(ref p);
            numbers.Add(n);
            Assert.Equal((uint)(n % 3) + 1, p);
        }

        Assert.NotEqual(numbers.Order(), numbers);
        Assert.Equal(12, numbers.Distinct().Count());
    }

    [Fact]
    public void Cursor_sets_cover_every_row_once()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        IDataView scored = transformer.Transform(view);

        DataViewRowCursor[] cursors = scored.GetRowCursorSet([scored.Schema["PredictedLabel"]], 4);

        int rows = 0;
        foreach (DataViewRowCursor cursor in cursors)
            using (cursor)
                while (cursor.MoveNext())
                    rows++;
        Assert.Equal(12, rows);
    }

    [Fact]
    public void Preview_shows_the_first_rows()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        DataDebuggerPreview preview = transformer.Preview(view, maxRows: 4);

        Assert.Equal(4, preview.RowView.Length);
    }

    [Fact]
    public void Disposed_transformer_says_so()
    {
        IDataView view = _images.Paths(_ml);
        FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        transformer.Dispose();
        transformer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => transformer.Transform(view));
        Assert.Throws<ObjectDisposedException>(() => _ml.Model.Save(transformer, view.Schema, new MemoryStream()));
    }

    [Fact]
    public void Missing_image_column_says_so()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => transformer.GetOutputSchema(new DataViewSchema.Builder().ToSchema()));

        Assert.Contains("Could not find input column 'Image'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numeric_key_values_survive_saving()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(
            _images.Rows.Select((r, i) => new NumberedRow { Image = r.Image, Label = (i % 3 * 10) + 0.5f })
        );
        IDataView view = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        IDataView reloaded = _reloaded.Of(_ml, transformer, view.Schema).Transform(view);

        AssertSameScores(transformer.Transform(view), reloaded);
        VBuffer<float> values = default;
        reloaded.Schema["PredictedLabel"].GetKeyValues(ref values);
        Assert.Equal([0.5f, 10.5f, 20.5f], values.DenseValues());
        IDataView mapped = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(reloaded).Transform(reloaded);
        Assert.Equal([0.5f, 10.5f, 20.5f, 0.5f], mapped.GetColumn<float>("PredictedLabel").Take(4));
    }

    [Fact]
    public void Keys_without_values_survive_saving()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(_images.Rows.Select((r, i) => new KeyRow { Image = r.Image, Label = (uint)(i % 3) }));
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        IDataView scored = transformer.Transform(view);
        IDataView reloaded = _reloaded.Of(_ml, transformer, view.Schema).Transform(view);

        AssertSameScores(scored, reloaded);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), reloaded.Schema["PredictedLabel"].Type);
        Assert.False(scored.Schema["Score"].HasSlotNames());
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
    }

    [Fact]
    public void The_exported_model_is_the_whole_network()
    {
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, _images.Paths(_ml).Schema);

        Assert.Equal(["mlnetx.Score.pixels"], transformer.Model.Inputs.Select(i => i.Name));
        Assert.Equal("Score", transformer.Model.Outputs[0].Name);
        Assert.Equal("""["red","green","blue"]""", transformer.Model.Metadata["mlnetextensions.labels"]);
    }

    [Fact]
    public void A_network_may_use_the_names_of_scoring()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer plain = TinyClassifier.Transformer(_ml, view.Schema);
        using FineTuneTransformer named = TinyClassifier.Transformer(_ml, view.Schema, TinyClassifier.Network(scaleName: "Score"));

        AssertSameScores(plain.Transform(view), named.Transform(view));
    }

    [Fact]
    public void Two_models_fit_in_one_pipeline()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer first = TinyClassifier.Transformer(_ml, view.Schema);
        using FineTuneTransformer second = TinyClassifier.Transformer(_ml, view.Schema, score: "Score2", predicted: "PredictedLabel2");
        IDataView reloaded = _reloaded.Of(_ml, new TransformerChain<ITransformer>(first, second), view.Schema).Transform(view);

        Assert.Equal(reloaded.GetColumn<uint>("PredictedLabel"), reloaded.GetColumn<uint>("PredictedLabel2"));
    }

    private IDataView LoadOne<T>(T row)
        where T : class => _ml.Data.LoadFromEnumerable([row]);

    /// <summary>Red above blue, stored upside down with the EXIF orientation that says so (3: rotate by 180 degrees).</summary>
    private static byte[] TurnedJpeg()
    {
        var bitmap = new SKBitmap(new SKImageInfo(24, 20, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < 20; y++)
        for (int x = 0; x < 24; x++)
            bitmap.SetPixel(x, y, y < 10 ? SKColors.Blue : SKColors.Red);
        byte[] jpeg = TestImages.Encode(bitmap, SKEncodedImageFormat.Jpeg);
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0"u8,
            .. "MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            3,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    private IDataView View(string form) =>
        form switch
        {
            "paths" => _images.Paths(_ml),
            "bytes" => _images.Bytes(_ml),
            "images" => _images.Images(_ml),
            _ => _images.Pixels(_ml),
        };

    private float[][] Scores(IDataView view)
    {
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
        return [.. transformer.Transform(view).GetColumn<float[]>("Score")];
    }

    private static void AssertSameScores(IDataView expected, IDataView actual)
    {
        foreach ((float[] a, float[] b) in expected.GetColumn<float[]>("Score").Zip(actual.GetColumn<float[]>("Score")))
            for (int c = 0; c < a.Length; c++)
                Assert.Equal(a[c], b[c], 1e-5f);
        Assert.Equal(expected.GetColumn<uint>("PredictedLabel"), actual.GetColumn<uint>("PredictedLabel"));
    }

    private static IEnumerable<string> KeyValues(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return values.DenseValues().Select(v => v.ToString()).ToList();
    }

    private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetSlotNames(ref values);
        return values.DenseValues().Select(v => v.ToString()).ToList();
    }

    private sealed class Photo
    {
        public string Image { get; set; } = "";

        // The label is an input column of the fitted pipeline's schema only.
        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class ScoreOnly
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Number { get; set; }

        public uint PredictedLabel { get; set; }
    }

    private sealed class NumberedRow
    {
        public string Image { get; set; } = "";

        public float Label { get; set; }
    }

    private sealed class KeyRow
    {
        public string Image { get; set; } = "";

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class EncodedKeyRow
    {
        public byte[] Image { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }
}
