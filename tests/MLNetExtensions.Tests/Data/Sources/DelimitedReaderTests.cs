using MLNetExtensions.Data.Sources;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class DelimitedReaderTests
{
    [Fact]
    public void Quotes_line_ends_and_empty_fields_are_those_of_RFC_4180()
    {
        DelimitedRecord[] records = Read("a,\"b,\"\"c\"\"\r\nd\",\r\n\n,\"\"\rlast,x,y");
        Assert.Equal(
            [
                ["a", "b,\"c\"\r\nd", ""],
                ["", ""],
                ["last", "x", "y"],
            ],
            records.Select(record => record.Fields)
        );
        Assert.Equal([1L, 4, 5], records.Select(record => record.Line));
        Assert.Equal([true, true, false], records.Select(record => record.IsTerminated));
        Assert.Empty(Read(""));
        Assert.Empty(Read("\r\n\r\n"));
        Assert.Equal(
            [
                ["", ""],
            ],
            Read(",").Select(record => record.Fields)
        );
        Assert.Equal(
            [
                ["a b", "c,d"],
            ],
            Read("a b\tc,d\n", '\t').Select(record => record.Fields)
        );
    }

    [Theory]
    [InlineData("ok\n\"never closed\nx", "the quote opened on line 2 is never closed")]
    [InlineData("ok\n\"a\"b\n", "line 2: 'b' follows a closing quote")]
    [InlineData("a\"b\n", "line 1: a quote inside a field")]
    public void Quotes_that_do_not_fit_are_named(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void A_field_does_not_take_all_memory()
    {
        string text = "\"" + new string('x', 2_000_000);
        Assert.Contains("is a quote not closed", Assert.Throws<InvalidDataException>(() => Read(text)).Message);
    }

    private static DelimitedRecord[] Read(string text, char separator = ',') =>
        [.. new DelimitedReader(new StringReader(text), separator, "'test'").ReadAll()];
}
