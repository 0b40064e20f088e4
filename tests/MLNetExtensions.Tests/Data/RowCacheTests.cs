using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Data;

public sealed class RowCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 20)]
    [InlineData(99, 20)]
    [InlineData(750, 13)]
    [InlineData(100_000_000, 0)]
    public void Rows_come_back_from_memory_and_disk(long memoryBudget, int expectedOnDisk)
    {
        using var cache = new RowCache(100, memoryBudget, _folder.Path);
        for (int i = 0; i < 20; i++)
            cache.Add(RowOf(i));
        Assert.Equal((20, expectedOnDisk), (cache.Count, cache.RowsOnDisk));
        byte[] row = new byte[100];
        foreach (int i in new[] { 19, 0, 7, 6, 13 })
        {
            cache.Read(i, row);
            Assert.Equal(RowOf(i), row);
        }
    }

    [Fact]
    public void The_file_is_gone_when_the_cache_is()
    {
        using (var cache = new RowCache(100, 0, _folder.Path))
        {
            cache.Add(RowOf(1));
            if (!OperatingSystem.IsWindows())
                Assert.Empty(Directory.GetFiles(_folder.Path));
        }
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_full_disk_is_an_error_that_says_what_to_do()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full, Linux's disk that is always full");
        using var cache = new RowCache(
            100,
            200,
            "somewhere",
            _ => File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
        );
        cache.Add(RowOf(0));
        cache.Add(RowOf(1));
        var error = Assert.Throws<IOException>(() => cache.Add(RowOf(2)));
        Assert.Contains("Row 2 could not be cached in a temporary file in 'somewhere'", error.Message);
        Assert.Contains("MemoryBudget", error.Message);
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        string none = Path.Combine(_folder.Path, "none");
        using var cache = new RowCache(100, 0, none);
        Assert.Contains(none, Assert.Throws<IOException>(() => cache.Add(RowOf(0))).Message);
    }

    [Fact]
    public void Rows_that_are_not_there_are_refused()
    {
        using var cache = new RowCache(100, 1000, _folder.Path);
        cache.Add(RowOf(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Read(1, new byte[100]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Read(-1, new byte[100]));
        Assert.Throws<ArgumentException>(() => cache.Add(new byte[99]));
    }

    private static byte[] RowOf(int i) => [.. Enumerable.Range(0, 100).Select(j => (byte)((i * 7) + j))];
}
