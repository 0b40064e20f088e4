using System.Text;
using System.Text.Json;
using MLNetExtensions.ModelBuilder.Configuration;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests.Configuration;

public sealed class ConfigTextTests
{
    [Theory]
    [InlineData("""{ "b": {"Kept" :1e3,"a":  1.0 }, "c":"\u00e4" }""", """{ "b": {"Kept" :1e3,"a":  2 }, "c":"\u00e4" }""")]
    [InlineData("""{ /* mine */ "b": {"a": [1, {"a": 3}],}, }""", """{ /* mine */ "b": {"a": 2,}, }""")]
    public void Only_the_bytes_of_the_value_change(string before, string after) => Assert.Equal(after, Set(before, ["b", "a"], null));

    [Fact]
    public void A_new_property_follows_its_sibling_in_the_indentation_of_the_file()
    {
        string text = Set("{\r\n  \"b\": {\r\n    \"x\": 1,\r\n    \"z\": 3\r\n  }\r\n}\r\n", ["b", "y"], "x");

        Assert.Equal("{\r\n  \"b\": {\r\n    \"x\": 1,\r\n    \"y\": 2,\r\n    \"z\": 3\r\n  }\r\n}\r\n", text);
    }

    [Fact]
    public void The_first_property_of_an_object_is_indented() =>
        Assert.Equal("{\"b\": {\n    \"a\": 2\n  }}", Set("{\"b\": {}}", ["b", "a"], null));

    [Fact]
    public void Of_two_properties_of_a_name_the_last_one_counts() =>
        Assert.Equal("{\"a\": 1, \"a\": 2}", Set("{\"a\": 1, \"a\": 3}", ["a"], null));

    [Fact]
    public void A_byte_order_mark_stays()
    {
        var text = new ConfigText([.. Encoding.UTF8.Preamble, .. "{\"a\": 1}"u8]);

        text.Set(["a"], 22);

        Assert.Equal([.. Encoding.UTF8.Preamble, .. "{\"a\": 22}"u8], text.Bytes);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("version https://git-lfs.github.com/spec/v1")]
    public void What_is_no_object_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => new ConfigText(Encoding.UTF8.GetBytes(text)));

    private static string Set(string json, string[] path, string? after)
    {
        var text = new ConfigText(Encoding.UTF8.GetBytes(json));
        text.Set(path, 2, after);
        return Encoding.UTF8.GetString(text.Bytes);
    }
}
