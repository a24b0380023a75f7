import { DestroyRef, Directive, effect, ElementRef, inject, input } from '@angular/core';
import { IdleTrigger } from '../../state/idle-trigger.ts';
import type { LazyPart } from './lazy-part.ts';

const NEARLY_VISIBLE = '200px';

/** On what stands in a part's place: the part is wanted when this nearly comes into sight, or the page is idle. */
@Directive({ selector: '[onNear]' })
export class Near {
  readonly part = input.required<LazyPart>({ alias: 'onNear' });

  constructor() {
    const { nativeElement } = inject<ElementRef<HTMLElement>>(ElementRef);
    const idle = inject(IdleTrigger);
    const sight = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.part().want(),
      { rootMargin: NEARLY_VISIBLE },
    );
    sight.observe(nativeElement);
    inject(DestroyRef).onDestroy(() => sight.disconnect());
    effect(() => {
      if (idle.hasFired()) this.part().want();
    });
  }
}
