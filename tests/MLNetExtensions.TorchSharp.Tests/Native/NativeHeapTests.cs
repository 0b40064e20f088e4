using System.Runtime.InteropServices;
using MLNetExtensions.Tests;
using MLNetExtensions.TorchSharp.Native;

namespace MLNetExtensions.TorchSharp.Tests.Native;

[Collection(Alone.Name)]
public class NativeHeapTests
{
    private const nuint Size = 24 << 20;
    private const long Pages = (long)Size >> 12;

    [Fact]
    public void A_block_freed_and_asked_for_again_costs_no_page_faults()
    {
        Assert.SkipUnless(NativeHeap.IsSupported, "needs glibc's malloc");
        using var heap = new NativeHeap();
        heap.Expect(64 << 20);
        // glibc has an arena for each of several threads, of 64 MiB; where earlier tests left blocks in the middle of one, no room is left
        // there. A new thread may get another.
        long least = long.MaxValue;
        for (int i = 0; i < 16 && least > 3 * Pages; i++)
        {
            var thread = new Thread(() =>
            {
                Touch();
                least = Math.Min(least, FaultsOfTouching(times: 8));
            });
            thread.Start();
            thread.Join();
        }
        Assert.InRange(least, 0, 3 * Pages);
    }

    // That they do shows in the figure step-memory: here glibc may have free blocks of earlier tests.
    [Fact]
    public void While_a_large_step_is_expected_larger_blocks_go_back_to_the_system()
    {
        using var small = new NativeHeap();
        small.Expect(64 << 20);
        using (var large = new NativeHeap())
        {
            large.Expect(1 << 30);
            large.Expect(1 << 10);
            Assert.Equal(4 << 20, NativeHeap.LargestKept);
        }
        Assert.Equal(32 << 20, NativeHeap.LargestKept);
    }

    [Fact]
    public void It_may_be_disposed_twice()
    {
        using var outer = new NativeHeap();
        var inner = new NativeHeap();
        inner.Dispose();
        inner.Dispose();
    }

    private static long FaultsOfTouching(int times)
    {
        long before = PageFaults();
        for (int i = 0; i < times; i++)
            Touch();
        return PageFaults() - before;
    }

    private static unsafe void Touch()
    {
        void* block = NativeMemory.Alloc(Size);
        NativeMemory.Fill(block, Size, 1);
        NativeMemory.Free(block);
    }

    // The 10th field, counted after the command in parentheses.
    private static long PageFaults() => long.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[7]);
}
