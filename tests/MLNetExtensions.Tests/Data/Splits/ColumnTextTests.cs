using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Splits;
using Xunit;

namespace MLNetExtensions.Tests.Data.Splits;

/// <summary>Labels and groups of any type as texts.</summary>
public sealed class ColumnTextTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(nameof(Row.Truth), "true", "false")]
    [InlineData(nameof(Row.Whole), "-7", "8")]
    [InlineData(nameof(Row.Positive), "7", "8")]
    [InlineData(nameof(Row.Large), "-9000000000", "1")]
    [InlineData(nameof(Row.Largest), "18446744073709551615", "1")]
    [InlineData(nameof(Row.Part), "0.5", "-1.5")]
    [InlineData(nameof(Row.Named), "b", "a")]
    [InlineData(nameof(Row.Key), "3", "")]
    [InlineData(nameof(Row.LargeKey), "4", "1")]
    public void A_value_is_its_text(string column, params string[] expected)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(
            new Row[]
            {
                new()
                {
                    Truth = true,
                    Whole = -7,
                    Positive = 7,
                    Large = -9_000_000_000,
                    Largest = ulong.MaxValue,
                    Part = 0.5,
                    Named = "b",
                    Key = 3,
                    LargeKey = 4,
                },
                new()
                {
                    Whole = 8,
                    Positive = 8,
                    Large = 1,
                    Largest = 1,
                    Part = -1.5,
                    Named = "a",
                    Key = 9,
                    LargeKey = 1,
                },
            }
        );
        IDataView data = _ml.Transforms.Conversion.MapValueToKey(nameof(Row.Named)).Fit(rows).Transform(rows);

        Assert.Equal(expected, Read(data, column));
    }

    [Fact]
    public void A_vector_is_no_label() =>
        Assert.Contains(
            "expected text, a key, a number or a Boolean",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => Read(_ml.Data.LoadFromEnumerable([new { Label = new float[] { 1 } }]), "Label"))
                .Message,
            StringComparison.Ordinal
        );

    private static string[] Read(IDataView data, string column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        Func<string> read = ColumnText.Reader(cursor, data.Schema[column]);
        var texts = new List<string>();
        while (cursor.MoveNext())
            texts.Add(read());
        return [.. texts];
    }

    private sealed class Row
    {
        public bool Truth { get; set; }

        public int Whole { get; set; }

        public uint Positive { get; set; }

        public long Large { get; set; }

        public ulong Largest { get; set; }

        public double Part { get; set; }

        public string Named { get; set; } = "";

        /// <summary>LoadFromEnumerable counts from 0; a number beyond the last is a missing key.</summary>
        [KeyType(5)]
        public uint Key { get; set; }

        [KeyType(5)]
        public ulong LargeKey { get; set; }
    }
}
